// A download that the browser drops is asked for again; one that the server refuses is told.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { editor } from "../../src/model/store";
import { takeFile } from "../../src/panels/takeFile";

const taken: { name: string; body: Blob }[] = [];
vi.mock("../../src/code/take", () => ({
  downloadBlob: (name: string, body: Blob) => taken.push({ name, body }),
}));

beforeEach(() => {
  taken.length = 0;
  editor.set({ notices: [] });
});
afterEach(() => vi.unstubAllGlobals());

it("asks again for what the browser dropped, and keeps the server's name", async () => {
  let asked = 0;
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    if (asked === 1) throw new TypeError("net::ERR_NETWORK_CHANGED");
    return new Response("services: {}\n", {
      headers: { "Content-Disposition": 'attachment; filename="shop.compose.yaml"' },
    });
  });
  await takeFile("stacks/1/export");
  expect(asked).toBe(2);
  expect(taken.map((one) => one.name)).toEqual(["shop.compose.yaml"]);
  expect(await taken[0]?.body.text()).toBe("services: {}\n");
  expect(editor.get().notices).toEqual([]);
});

it("tells why the server gave nothing", async () => {
  const refusal = {
    code: "not-found",
    message: "There is no such stack.",
    fix: "Look at the list.",
    problems: [],
  };
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(refusal), { status: 404 }));
  await takeFile("stacks/1/export");
  expect(taken).toEqual([]);
  expect(editor.get().notices.map((one) => one.message)).toEqual(["Not downloaded: There is no such stack."]);
});
