import { describe, expect, test } from "vitest";
import { appliedState, progressOf } from "../../src/canvas/live";
import { shownBoxes } from "../../src/canvas/scene";
import { bytes, percent, span } from "../../src/canvas/text";
import { targetAt } from "../../src/canvas/wire";
import { placed } from "../../src/model/placement";
import type {
  ContainerView,
  OperationView,
  PlanView,
  RunView,
  StatusView,
  StepView,
} from "../../src/wire.gen";
import { graph, network, service, stack } from "./samples";

const container = (name: string, networks: string[]): ContainerView =>
  ({
    service: name,
    state: "running",
    endpoints: networks.map((network_key) => ({ network_key })),
  }) as unknown as ContainerView;
const status = (containers: ContainerView[]): StatusView =>
  ({ at: 1, containers, seq: 1 }) as unknown as StatusView;
const plan = (version: number, subjects: string[]): PlanView =>
  ({
    version,
    engine_error: "",
    operations: subjects.map((subject) => ({ subject }) as OperationView),
  }) as PlanView;

describe("a card of which a step failed", () => {
  const step = (index: number, kind: string, state: string) =>
    ({ index, kind, state, subject: "service:db", summary: kind, error: "", fix: "" }) as unknown as StepView;
  const ended = (...steps: StepView[]) => ({ state: "failed", version: 2, steps }) as unknown as RunView;

  test("says so while nothing runs there", () => {
    const run = ended(step(0, "start", "done"), step(1, "wait_steady", "failed"), step(2, "start", "failed"));
    expect(progressOf(run, "service:db", 2)?.state).toBe("failed");
  });

  test("says it no longer once the design is edited", () => {
    expect(progressOf(ended(step(0, "pull_image", "failed")), "service:db", 3)).toBeNull();
  });

  test("shows what runs when the run has put the old container back", () => {
    const run = ended(step(0, "start", "done"), step(1, "wait_steady", "failed"), step(2, "start", "done"));
    expect(progressOf(run, "service:db")).toBeNull();
  });
});

describe("the dot for 'not applied'", () => {
  const drawn = stack(graph([service("web", ["front"])], [network("front")]), {
    version: 3,
    applied_version: 2,
    staged: ["service:web"],
  });

  test("is not there when the newest version was applied", () => {
    expect(appliedState({ stack: { ...drawn, applied_version: 3 }, plan: null, status: null }, "web")).toBe(
      "same",
    );
  });

  test("is not there for a service that no edit since then touched, or that has no container yet", () => {
    const now = status([container("web", ["front"])]);
    expect(appliedState({ stack: { ...drawn, staged: [] }, plan: null, status: now }, "web")).toBe("same");
    expect(appliedState({ stack: drawn, plan: null, status: status([]) }, "web")).toBe("same");
  });

  test("is full where its networks differ", () => {
    expect(
      appliedState({ stack: drawn, plan: null, status: status([container("web", ["back"])]) }, "web"),
    ).toBe("differs");
  });

  test("is hollow where nothing is seen to differ but edits were made", () => {
    expect(
      appliedState({ stack: drawn, plan: null, status: status([container("web", ["front"])]) }, "web"),
    ).toBe("edited");
  });

  test("follows the plan while it is of this version", () => {
    const now = status([container("web", ["front"])]);
    expect(appliedState({ stack: drawn, plan: plan(3, []), status: now }, "web")).toBe("same");
    expect(appliedState({ stack: drawn, plan: plan(3, ["service:web"]), status: now }, "web")).toBe(
      "differs",
    );
    expect(appliedState({ stack: drawn, plan: plan(2, []), status: now }, "web")).toBe("edited");
  });
});

test("the magnet takes the nearest node that fits, within its radius", () => {
  const boxes = { "network:a": { x: 0, y: 0, w: 500, h: 28 }, "service:b": { x: 0, y: 60, w: 240, h: 132 } };
  const fits = { "network:a": "", "service:b": "" };
  expect(targetAt({ x: 10, y: 40 }, boxes, fits, 20)).toBe("network:a");
  expect(targetAt({ x: 10, y: 55 }, boxes, fits, 20)).toBe("service:b");
  expect(targetAt({ x: 10, y: 100 }, boxes, { ...fits, "service:b": "no" }, 20)).toBeNull();
  expect(targetAt({ x: 600, y: 600 }, boxes, fits, 20)).toBeNull();
});

test("own drags win over others' drags, which win over places", () => {
  const kept = { a: { x: 0, y: 0, w: 1, h: 1 }, b: { x: 0, y: 0, w: 1, h: 1 } };
  const remote = {
    a: placed(undefined, { x: 5, y: 5 }),
    b: placed(undefined, { x: 5, y: 5 }),
    gone: placed(undefined, { x: 1, y: 1 }),
  };
  const shown = shownBoxes(kept, remote, { b: { x: 9, y: 9, w: 1, h: 1 } });
  expect([shown.a?.x, shown.b?.x, "gone" in shown]).toEqual([5, 9, false]);
});

test("numbers are short", () => {
  expect([bytes(0), bytes(1234), bytes(45_600_000), bytes(999_900)]).toEqual([
    "0 B",
    "1.2 kB",
    "46 MB",
    "1.0 MB",
  ]);
  expect([percent(0), percent(3.14), percent(250)]).toEqual(["0 %", "3.1 %", "250 %"]);
  expect([span(5), span(65), span(7300), span(200_000)]).toEqual(["5 s", "1 min", "2 h", "2 d"]);
});
