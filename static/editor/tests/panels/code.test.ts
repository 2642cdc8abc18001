import { type ChangeSet, Text } from "@codemirror/state";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { blockEnd, nodeAtLine } from "../../src/code/block";
import type { Edit } from "../../src/model/edit";
import { fold } from "../../src/model/fold";
import { cutAt, findLines, joinLines, type LogLine, plainText } from "../../src/model/logs";
import { emptyState } from "../../src/model/state";
import { applyTo, CodeSync, mergeRemote, PAUSE_MS } from "../../src/panels/codeSync";
import type { PlanView, RunView } from "../../src/wire.gen";

const BASE = "a: 1\nb: 2\nc: 3\n";

describe("merging", () => {
  it("brings others' lines in beside our own typing", () => {
    const changes = mergeRemote(BASE, BASE.replace("a: 1", "a: 11"), BASE.replace("c: 3", "c: 33"));
    expect(changes && applyTo(BASE.replace("a: 1", "a: 11"), changes)).toBe("a: 11\nb: 2\nc: 33\n");
  });
  it("puts lines that came in where one types before what is typed", () => {
    const doc = `${BASE}# mine`;
    const changes = mergeRemote(BASE, doc, `${BASE}d: 4\n`);
    expect(changes && applyTo(doc, changes)).toBe("a: 1\nb: 2\nc: 3\nd: 4\n# mine");
  });
  it("keeps what is typed at a line's end in that line", () => {
    const changes = mergeRemote("#", "# 1", "#\nd: 4\n");
    expect(changes && applyTo("# 1", changes)).toBe("# 1\nd: 4\n");
  });
  it("changes nothing when nothing is new", () => expect(mergeRemote(BASE, "x", BASE)).toBeNull());
});

describe("the code pane's exchange", () => {
  let text = BASE;
  let sent: Edit[] = [];
  let answer: (taken: boolean) => void = () => undefined;
  const pane = {
    read: () => text,
    bring: (changes: ChangeSet) => {
      text = applyTo(text, changes);
    },
  };
  const start = () =>
    new CodeSync(text, pane, (edit) => {
      sent.push(edit);
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
  const answered = async (taken: boolean) => {
    answer(taken);
    await vi.advanceTimersByTimeAsync(0);
  };
  beforeEach(() => {
    text = BASE;
    sent = [];
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  it("sends only the changed line, after a pause", async () => {
    const sync = start();
    text = BASE.replace("b: 2", "b: 22");
    sync.typed();
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(sent).toEqual([
      {
        kind: "patch_text",
        hunks: [{ line: 1, old: ["b: 2\n"], new: ["b: 22\n"], before: "a: 1\n", after: "c: 3\n" }],
      },
    ]);
  });

  it("does not double its own text when the answer comes, nor another's that came with it", async () => {
    const sync = start();
    text = BASE.replace("b: 2", "b: 22");
    sync.typed();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    text = text.replace("a: 1", "a: 12"); // typed on while it is under way
    sync.typed();
    sync.received("a: 1\nb: 22\nc: 3\nd: 4\n");
    expect(text).toBe("a: 12\nb: 22\nc: 3\n");
    await answered(true);
    expect(text).toBe("a: 12\nb: 22\nc: 3\nd: 4\n");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(sent.at(-1)).toMatchObject({ hunks: [{ line: 0, old: ["a: 1\n"], new: ["a: 12\n"] }] });
  });

  it("keeps the line ends of a file from Windows, in what is new too", async () => {
    const raw = BASE.replaceAll("\n", "\r\n");
    text = BASE;
    const sync = new CodeSync(raw, pane, async (edit) => sent.push(edit) > 0);
    expect(sync.waiting).toBe(false);
    text = BASE.replace("b: 2\n", "b: 22\nbb: 3\n");
    await sync.flush();
    expect(sent).toEqual([
      {
        kind: "patch_text",
        hunks: [
          {
            line: 1,
            old: ["b: 2\r\n"],
            new: ["b: 22\r\n", "bb: 3\r\n"],
            before: "a: 1\r\n",
            after: "c: 3\r\n",
          },
        ],
      },
    ]);
    sync.received(raw.replace("b: 2\r\n", "b: 22\r\nbb: 3\r\n").replace("c: 3", "c: 4"));
    expect(text).toBe("a: 1\nb: 22\nbb: 3\nc: 4\n");
  });

  it("names the companion that is typed in", async () => {
    const sync = new CodeSync(BASE, pane, async (edit) => sent.push(edit) > 0, { file: ".env" });
    text = `${BASE}d: 4\n`;
    await sync.flush();
    expect(sent[0]).toMatchObject({ kind: "patch_text", file: ".env" });
  });

  it("keeps what was refused and does not send it again by itself", async () => {
    const sync = start();
    text = BASE.replace("b: 2", "b: [");
    sync.typed();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    await answered(false);
    await vi.advanceTimersByTimeAsync(PAUSE_MS * 4);
    expect(sent).toHaveLength(1);
    expect(text).toContain("b: [");
    sync.received(BASE.replace("c: 3", "c: 4"));
    expect(text).toBe("a: 1\nb: [\nc: 4\n");
  });
});

describe("places in the text", () => {
  const source = "services:\n  web:\n    image: x\n\n  db:\n    image: y\nnetworks:\n  front:\n";
  const graph = {
    services: [
      { name: "web", line: 2 },
      { name: "db", line: 5 },
    ],
    networks: [{ key: "front", line: 8 }],
  };
  const doc = Text.of(source.split("\n"));
  it("know which service a line belongs to", () => {
    expect([1, 2, 3, 6, 7, 8].map((line) => nodeAtLine(graph, doc, line))).toEqual([
      "",
      "service:web",
      "service:web",
      "service:db",
      "",
      "network:front",
    ]);
  });
  it("end a block before the next key", () => expect(blockEnd(doc, 2)).toBe(3));
});

describe("log lines", () => {
  const line = (at: number, text = "x"): LogLine => ({
    id: at,
    container: "c",
    service: "s",
    number: 1,
    at,
    stream: "stdout",
    text,
  });
  it("stay in order and within their number", () => {
    expect(joinLines([line(1), line(3)], [line(2)]).map((one) => one.at)).toEqual([1, 2, 3]);
    expect(joinLines([line(1), line(2)], [line(3)], 2).map((one) => one.at)).toEqual([2, 3]);
  });
  it("lose a terminal's colours", () => expect(plainText("\u001b[31mred\u001b[0m\r")).toBe("red"));
  it("are found and cut at a search", () => {
    expect(findLines([line(1, "GET /"), line(2, "post")], "get")).toEqual([0]);
    expect(cutAt("a Get b get", "get")).toEqual([
      ["a ", false],
      ["Get", true],
      [" b ", false],
      ["get", true],
    ]);
  });
});

describe("a run's end", () => {
  it("takes away the plan that it made true", () => {
    const state = { ...emptyState, plan: { digest: "d" } as PlanView };
    const run = { id: "r", ended_at: 0, state: "running", kind: "apply" } as RunView;
    expect(fold(state, { type: "run", run })).not.toHaveProperty("plan");
    expect(fold(state, { type: "run", run: { ...run, state: "done", ended_at: 5 } })).toMatchObject({
      plan: null,
    });
  });
});
