import { describe, expect, it } from "vitest";
import { fold } from "../../src/model/fold";
import { emptyState } from "../../src/model/state";
import { numbered, paired } from "../../src/panels/HistoryDiff";
import { besideOthers, withGhosts } from "../../src/panels/historyPreview";
import type { DifferenceHunk, Graph, NodeLayout, RunView, StackView } from "../../src/wire.gen";
import { run, stack } from "./fixture";

const hunk: DifferenceHunk = {
  old_line: 4,
  new_line: 6,
  lines: [
    { kind: "same", text: "  web:" },
    { kind: "removed", text: "    image: nginx:1" },
    { kind: "added", text: "    image: nginx:2" },
    { kind: "added", text: "    init: true" },
    { kind: "same", text: "  db:" },
  ],
};

describe("lines that differ", () => {
  it("have their number in either text", () => {
    expect(numbered(hunk).map((line) => [line.oldLine, line.newLine])).toEqual([
      [4, 6],
      [5, 7],
      [6, 7],
      [6, 8],
      [6, 9],
    ]);
  });

  it("stand side by side, what came beside what went", () => {
    const pairs = paired(numbered(hunk)).map(([left, right]) => [left?.text ?? "", right?.text ?? ""]);
    expect(pairs).toEqual([
      ["  web:", "  web:"],
      ["    image: nginx:1", "    image: nginx:2"],
      ["", "    init: true"],
      ["  db:", "  db:"],
    ]);
  });
});

describe("an older version on the canvas", () => {
  const graph = (...names: string[]) =>
    ({
      project: "p",
      services: names.map((name) => ({ name })),
      networks: [],
      volumes: [],
    }) as unknown as Graph;

  it("shows what only the other version has as ghosts, once", () => {
    const shown = withGhosts(graph("web", "db"), graph("db", "cache"));
    expect(shown.services.map((one) => one.name)).toEqual(["web", "db", "cache"]);
  });

  it("stays while others edit, and the edit is there afterwards", () => {
    const now = stack({ version: 5 });
    const preview = { version: 2, against: 1, now, marks: {}, places: {} };
    const state = { ...emptyState, stack: stack({ version: 2, rights: ["look"] }), preview };
    const edited = stack({ version: 6, rights: [] });
    const next = { ...state, ...fold(state, { type: "design", op_id: "", by: "bob", stack: edited }) };
    expect(next.stack?.version).toBe(2);
    expect(next.preview?.now.version).toBe(6);
    expect(next.preview?.now.rights).toEqual(now.rights);
  });
});

describe("the ghosts' places", () => {
  const at = (x: number, y: number) => ({ x, y }) as NodeLayout;

  it("are where they were, or beside what stands there now", () => {
    const shown = { "service:store": at(100, 300) };
    const ghosts = { "service:db": at(100, 300), "service:cache": at(900, 300), "service:store": at(5, 5) };
    const found = besideOthers(shown, ghosts);
    expect(Object.keys(found).sort()).toEqual(["service:cache", "service:db"]);
    expect(found["service:cache"]).toEqual(at(900, 300));
    expect(found["service:db"]?.x).toBeGreaterThan(300);
  });
});

describe("runs behind and back", () => {
  const told = (state: typeof emptyState, one: RunView) => ({
    ...state,
    ...fold(state, { type: "run", run: one }),
  });

  it("keeps a waiting run apart from the one under way, until it begins", () => {
    let state = told(emptyState, run({ id: "a", state: "running", ended_at: 0 }));
    state = told(state, run({ id: "b", state: "waiting", ended_at: 0 }));
    expect([state.run?.id, state.waiting?.id]).toEqual(["a", "b"]);
    state = told(state, run({ id: "b", state: "queued", ended_at: 0 }));
    expect([state.run?.id, state.waiting]).toEqual(["b", null]);
  });

  it("leaves the failed run on the page when the one behind it is cancelled", () => {
    let state = told(emptyState, run({ id: "a", state: "failed", ended_at: 9 }));
    state = told(state, run({ id: "b", state: "waiting", ended_at: 0 }));
    state = told(state, run({ id: "b", state: "cancelled", ended_at: 10 }));
    expect([state.run?.id, state.waiting]).toEqual(["a", null]);
  });

  it("takes an older version as the one that runs, once it was applied", () => {
    const state = { ...emptyState, stack: stack({ version: 7, applied_version: 6 }) as StackView };
    const next = told(state, run({ version: 4, state: "done", ended_at: 9 }));
    expect(next.stack?.applied_version).toBe(4);
  });
});
