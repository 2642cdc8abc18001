import { beforeEach, expect, test } from "vitest";
import { editor, notify } from "../../src/model/store";

beforeEach(() => editor.set({ notices: [] }));

const problem = (message: string) =>
  ({
    code: "c",
    message,
    fix: "",
    severity: "error",
    file: "",
    line: 0,
    column: 0,
    path: [],
    subject: "",
  }) as never;

test("what is said twice stands once, as the last", () => {
  notify({ message: "one" });
  notify({ message: "two" });
  notify({ message: "one" });
  expect(editor.get().notices.map((one) => one.message)).toEqual(["two", "one"]);
});

test("a problem that the message tells already is not told again", () => {
  notify({
    message: "Image of web: It is no image.",
    problems: [problem("It is no image."), problem("Another.")],
  });
  expect(editor.get().notices[0]?.problems.map((one) => one.message)).toEqual(["Another."]);
});
