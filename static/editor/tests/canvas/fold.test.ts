import { describe, expect, test } from "vitest";
import { fold } from "../../src/model/fold";
import { placed } from "../../src/model/placement";
import type { EditorState } from "../../src/model/state";
import type { RunView, StatusView, StepView } from "../../src/wire.gen";
import { graph, service, stack, state } from "./samples";

const web = graph([service("web", [])]);
const now = (more: Partial<EditorState> = {}): EditorState => ({ ...state(web, { version: 4 }), ...more });
const at = (x: number) => placed(undefined, { x, y: 0 });

describe("what a message does", () => {
  test("an older design changes nothing", () => {
    const message = { type: "design" as const, op_id: "", by: "", stack: stack(web, { version: 3 }) };
    expect(fold(now(), message)).toEqual({});
  });

  test("a newer design keeps the rights, which it does not carry, and places that are known here", () => {
    const next = stack(web, {
      version: 5,
      rights: [],
      layout: { "service:web": at(1), "service:db": at(2) },
    });
    const found = fold(now({ layout: { "service:web": at(7) } }), {
      type: "design",
      op_id: "",
      by: "",
      stack: next,
    });
    expect(found.stack?.rights).toContain("draw");
    expect(found.layout?.["service:web"]?.x).toBe(7);
    expect(found.layout?.["service:db"]?.x).toBe(2);
  });

  test("a drop ends the drag that others saw, and a place of null is taken away", () => {
    const before = now({
      remoteDrags: { "service:web": at(50) },
      layout: { "service:web": at(0), "service:old": at(3) },
    });
    const nodes = { "service:web": at(60), "service:old": null };
    const found = fold(before, { type: "layout", op_id: "", layout_version: 2, nodes });
    expect(found.remoteDrags).toEqual({});
    expect(found.layout).toEqual({ "service:web": at(60) });
  });

  test("a drag that its drop overtook moves nothing", () => {
    const drop = { type: "layout", op_id: "", layout_version: 2, nodes: { "service:web": at(60) } } as const;
    const after = { ...now({ layoutVersion: 1 }), ...fold(now({ layoutVersion: 1 }), drop) };
    const drag = { type: "drag", client: "x", nodes: { "service:web": at(50) } } as const;
    expect(fold(after, { ...drag, layout_version: 1 })).toEqual({});
    expect(fold(after, { ...drag, layout_version: 2 }).remoteDrags).toEqual({ "service:web": at(50) });
  });

  test("a status with an older number is dropped", () => {
    const status = (seq: number) => ({ seq, containers: [] }) as unknown as StatusView;
    expect(fold(now({ status: status(9) }), { type: "status", status: status(8) })).toEqual({});
    expect(fold(now({ status: status(9) }), { type: "status", status: status(10) }).status?.seq).toBe(10);
  });

  test("steps replace themselves in their run and touch no other", () => {
    const step = (index: number, word: StepView["state"]) => ({ index, state: word }) as StepView;
    const run = { id: "r", steps: [step(0, "running"), step(1, "pending")] } as unknown as RunView;
    const found = fold(now({ run }), { type: "steps", run_id: "r", steps: [step(0, "done")] });
    expect(found.run?.steps.map((one) => one.state)).toEqual(["done", "pending"]);
    expect(fold(now({ run }), { type: "steps", run_id: "other", steps: [step(0, "done")] }).run).toBe(run);
  });

  test("cursors of people who left go with them", () => {
    const cursor = { type: "cursor" as const, client: "a", x: 0, y: 0, selected: [] };
    const found = fold(now({ cursors: { a: cursor } }), { type: "viewers", viewers: [] });
    expect(found.cursors).toEqual({});
  });
});
