// The plan and a run as they are read: what is folded, what is asked for, and what an end says.
import { act, cleanup, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { editor } from "../../src/model/store";
import { PlanPanel } from "../../src/panels/PlanPanel";
import {
  groupBySubject,
  impactOfAll,
  notRunning,
  orphansOf,
  saysWhy,
  urgentFirst,
} from "../../src/panels/plan";
import type { OperationView, PlanView, ProblemView, StepView } from "../../src/wire.gen";
import { open, plan, run, show, stack } from "./fixture";

const operation = (over: Partial<OperationView>): OperationView => ({
  index: 0,
  kind: "create_container",
  subject: "service:web",
  summary: "create web",
  cause: "it is not there",
  impact: "new",
  needs: [],
  ...over,
});

const note = (over: Partial<ProblemView>): ProblemView => ({
  code: "orphan",
  message: "shop-old-1 belongs to this stack, but the design has no service old.",
  fix: "",
  subject: "service:old",
  path: [],
  line: 0,
  column: 0,
  severity: "warning",
  file: "",
  ...over,
});

let asked: { path: string; body: Record<string, unknown> }[] = [];
let plans: (path: string) => PlanView = () => plan();

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push({ path, body: init.body ? JSON.parse(String(init.body)) : {} });
    const answer = path.includes("plan?") ? plans(path) : run({ state: "queued" });
    return new Response(JSON.stringify(answer), { status: path.includes("plan?") ? 200 : 202 });
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("what the design no longer has", () => {
  it("is named and left alone until one asks, and then goes with that apply only", async () => {
    const removal = operation({ kind: "remove_container", summary: "remove old", impact: "remove" });
    plans = (path) =>
      path.includes("remove_orphans=true")
        ? plan({ digest: "d2", operations: [removal] })
        : plan({ notes: [note({})] });
    open();
    editor.set({ plan: plan({ notes: [note({})] }) });
    show(<PlanPanel />);
    expect(screen.queryByText(/to the last address/)).toBeNull();
    await userEvent.click(screen.getByRole("checkbox", { name: "Remove 1 container with this apply" }));
    expect(await screen.findByText("remove old")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    expect(asked.at(-1)?.body).toMatchObject({ digest: "d2", remove_orphans: true });
    act(() => editor.set({ run: null, plan: plan({ notes: [note({})] }) }));
    expect(screen.getByRole<HTMLInputElement>("checkbox").checked).toBe(false);
  });

  it("stays with the plan that is made again", async () => {
    plans = (path) => plan({ digest: path.includes("remove_orphans=true") ? "gone" : "left" });
    open();
    editor.set({ plan: plan({ notes: [note({})] }) });
    show(<PlanPanel />);
    await userEvent.click(screen.getByRole("checkbox"));
    await userEvent.click(screen.getByRole("button", { name: "Again" }));
    expect(asked.at(-1)?.path).toContain("remove_orphans=true");
    act(() => editor.set({ stackId: "another" }));
    await userEvent.click(screen.getByRole("button", { name: "Again" }));
    expect(asked.at(-1)?.path).toContain("remove_orphans=false");
  });

  it("is told apart from other notes", () => {
    const other = note({ code: "key-not-carried" });
    expect(orphansOf([other, note({})])).toEqual([[note({})], [other]]);
  });
});

describe("the plan of many objects", () => {
  it("folds what is harmless and leaves open what is grave", async () => {
    const operations = Array.from({ length: 14 }, (_, index) =>
      operation({
        index,
        subject: `service:s${index}`,
        summary: `step of s${index}`,
        impact: index === 3 ? "recreate" : "new",
      }),
    );
    open();
    editor.set({ plan: plan({ operations }) });
    show(<PlanPanel />);
    expect(screen.getByText("step of s3")).toBeTruthy();
    expect(screen.queryByText("step of s4")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Steps of s4" }));
    expect(screen.getByText("step of s4")).toBeTruthy();
  });

  it("says an impact and a cause once where all share them", () => {
    open();
    const operations = ["create the new web", "stop web", "start web"].map((summary, index) =>
      operation({ index, summary, impact: "recreate", cause: "environment changed" }),
    );
    editor.set({ plan: plan({ operations }) });
    show(<PlanPanel />);
    const group = within(screen.getByRole("region", { name: "service web" }));
    expect(group.getAllByText("environment changed")).toHaveLength(1);
    expect(group.getAllByText("recreate")).toHaveLength(1);
  });

  it("says each impact at its step where they differ", () => {
    const rows = [operation({}), operation({ impact: "in place", cause: "" })];
    expect(impactOfAll(rows)).toBe("");
    expect(rows.map((_, at) => saysWhy(rows, at))).toEqual([true, false]);
  });
});

describe("an empty plan", () => {
  it("does not claim that something runs where nothing is drawn", () => {
    open();
    editor.set({ stack: stack({ graph: { project: "p", services: [], networks: [], volumes: [] } }) });
    editor.set({ plan: plan() });
    show(<PlanPanel />);
    expect(screen.getByText(/Nothing is drawn yet/)).toBeTruthy();
  });
});

describe("a run that broke off", () => {
  const step = (over: Partial<StepView>): StepView => ({
    ...operation({}),
    state: "done",
    started_at: 1,
    ended_at: 2,
    progress: "",
    share: null,
    error: "",
    fix: "",
    ...over,
  });
  const steps = [
    step({ index: 0, subject: "network:front" }),
    step({ index: 1, subject: "service:web" }),
    step({ index: 2, subject: "service:db", state: "failed", error: "exited with code 3" }),
    step({ index: 3, subject: "service:job", state: "skipped" }),
  ];
  const container = (service: string, state: string, exit_code: number | null) => ({
    service,
    state,
    exit_code,
  });

  it("names what does not run now, but not what has done its work", () => {
    const containers = [container("db", "exited", 3), container("job", "exited", 0)];
    expect(notRunning({ kind: "apply", steps }, containers)).toEqual(["db"]);
    expect(notRunning({ kind: "stop", steps }, containers)).toEqual([]);
  });

  it("has what failed on top and what is done below", () => {
    expect(urgentFirst(groupBySubject(steps)).map((one) => one.subject)).toEqual([
      "service:db",
      "service:job",
      "network:front",
      "service:web",
    ]);
  });

  it("tells a cancelled run from one that failed", () => {
    open();
    editor.set({
      run: run({ id: "r8", state: "cancelled", ended_at: 3, error: "Cancelled.", fix: "Again." }),
    });
    show(<PlanPanel />);
    expect(screen.getByRole("alert").getAttribute("data-tone")).toBe("warn");
    expect(screen.queryByText("Cancelled.")).toBeNull();
  });

  it("can be cancelled although the run before it was", async () => {
    open();
    editor.set({ run: run({ id: "r1", state: "running", steps: [] }) });
    show(<PlanPanel />);
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    act(() => editor.set({ run: run({ id: "r2", state: "running", steps: [] }) }));
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Cancel" }).disabled).toBe(false);
  });

  it("says after a rollback that the design is ahead of what runs", () => {
    open();
    editor.set({
      run: run({ id: "r3", state: "done", version: 1, rollback_of: "r2", rollback: true, ended_at: 3 }),
    });
    show(<PlanPanel />);
    expect(screen.getByText(/The design is still version 3/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Restore version 1" })).toBeTruthy();
  });
});
