// Planning, applying and taking down: what is asked first, what is sent, and what an answer changes.
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { editor } from "../../src/model/store";
import { applyNow } from "../../src/panels/apply";
import { DownDialog, lossesOf } from "../../src/panels/DownDialog";
import { openDialog } from "../../src/panels/dialogs";
import { PlanPanel } from "../../src/panels/PlanPanel";
import { RunButtons } from "../../src/panels/RunButtons";
import { useCodeLine } from "../../src/panels/show";
import type { OperationView } from "../../src/wire.gen";
import { open, plan, run, show } from "./fixture";
import { serve, server } from "./server";

serve();

const operation = (over: Partial<OperationView>): OperationView => ({
  index: 0,
  kind: "create_container",
  subject: "service:web",
  summary: "create shop-web-1",
  cause: "it is new",
  impact: "new",
  needs: [],
  ...over,
});

describe("the plan", () => {
  it("says in words what it does, and asks for exactly the digest shown", async () => {
    open();
    server.answers.runs = () => [202, run({ state: "queued" })];
    editor.set({
      plan: plan({
        operations: [operation({}), operation({ index: 1, subject: "service:other", impact: "in place" })],
      }),
    });
    show(<PlanPanel />);
    expect(screen.getByText("1 new · 1 in place · nothing is recreated")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    expect(server.sent.at(-1)).toMatchObject({ method: "POST", body: { kind: "apply", digest: "d1" } });
    expect(editor.get().run?.state).toBe("queued");
  });

  it("wants data at risk agreed to, and for that plan only", async () => {
    open();
    server.answers.runs = () => [202, run({ state: "queued" })];
    editor.set({ plan: plan({ operations: [operation({ impact: "data at risk" })] }), side: "plan" });
    show(<PlanPanel />);
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Apply, with data at risk" });
    expect(button.disabled).toBe(true);
    await applyNow(); // the keyboard's way asks for it as well
    expect(server.sent.some((one) => one.path.endsWith("/runs"))).toBe(false);
    await userEvent.click(screen.getByRole("checkbox", { name: /Data may be lost/ }));
    expect(button.disabled).toBe(false);
    act(() =>
      editor.set({ plan: plan({ digest: "d2", operations: [operation({ impact: "data at risk" })] }) }),
    );
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Apply, with data at risk" }).disabled).toBe(
      true,
    );
  });

  it("says how long each service is away, and goes to the line of a note", async () => {
    open();
    const note = {
      code: "key-not-carried",
      message: "`cgroup` stays in the file.",
      fix: "",
      subject: "service:web",
      path: [],
      line: 7,
      column: 3,
      severity: "warning" as const,
      file: "",
    };
    editor.set({
      plan: plan({
        operations: [operation({ impact: "recreate" })],
        downtimes: [{ service: "web", containers: 1, at_most_s: 2 }],
        notes: [note],
      }),
    });
    show(<PlanPanel />);
    expect(screen.getByText("web away up to 2 s.")).toBeTruthy();
    expect(screen.getByText("away up to 2 s")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "line 7" }));
    expect(editor.get().side).toBe("code");
    expect(useCodeLine.getState().line).toBe(7);
  });

  it("shows a bar for each layer of a pull", () => {
    open();
    const step = {
      ...operation({ kind: "pull_image" }),
      state: "running" as const,
      started_at: 1,
      ended_at: 0,
      progress: "1 of 3 layers; a1b2c3d4e5f6 downloading 1.5 of 3.0 MB",
      share: 0.4,
      error: "",
      fix: "",
    };
    editor.set({ run: run({ steps: [step] }) });
    show(<PlanPanel />);
    const bar = screen.getByRole("progressbar", { name: "Layer a1b2c3d4e5f6 downloading" });
    expect(bar.getAttribute("aria-valuenow")).toBe("50");
  });

  it("says when there is nothing to do", () => {
    open();
    editor.set({ plan: plan() });
    show(<PlanPanel />);
    expect(screen.getByText("Nothing to do")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Apply" })).toBeNull();
  });

  it("does not let a plan with errors be applied", () => {
    open();
    const error = {
      code: "x",
      message: "No.",
      fix: "",
      subject: "",
      path: [],
      line: 0,
      column: 0,
      severity: "error" as const,
      file: "",
    };
    editor.set({ plan: plan({ operations: [operation({})], problems: [error] }) });
    show(<PlanPanel />);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Apply" }).disabled).toBe(true);
  });

  it("shows the new plan when it changed before the apply", async () => {
    open();
    server.answers.runs = () => [
      409,
      { code: "plan-changed", message: "The plan changed.", fix: "", problems: [] },
    ];
    server.answers["plan?"] = () => [
      200,
      plan({ digest: "d2", operations: [operation({ summary: "create shop-db-1" })] }),
    ];
    editor.set({ plan: plan({ operations: [operation({})] }) });
    show(<PlanPanel />);
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    expect(await screen.findByText("create shop-db-1")).toBeTruthy();
    expect(editor.get().plan?.digest).toBe("d2");
  });

  it("shows a failed step in the engine's words with its fix, and the way on", () => {
    open();
    const step = {
      ...operation({}),
      state: "failed" as const,
      started_at: 1,
      ended_at: 2,
      progress: "",
      share: null,
      error: "port is already allocated",
      fix: "Take another port.",
    };
    editor.set({ run: run({ id: "r9", state: "failed", ended_at: 3, steps: [step] }) });
    show(<PlanPanel />);
    expect(screen.getByText("port is already allocated")).toBeTruthy();
    expect(screen.getByText("Take another port.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Plan the rest" })).toBeTruthy();
  });

  it("runs a harmless plan at once, and shows a graver one first", async () => {
    server.answers.runs = () => [202, run({ state: "queued" })];
    server.answers["plan?"] = () => [200, plan({ operations: [operation({})] })];
    open();
    await applyNow();
    expect(server.sent.some((one) => one.path.endsWith("/runs"))).toBe(true);
    server.sent = [];
    server.answers["plan?"] = () => [200, plan({ operations: [operation({ impact: "recreate" })] })];
    open();
    await applyNow();
    expect(server.sent.some((one) => one.path.endsWith("/runs"))).toBe(false);
    expect(editor.get().side).toBe("plan");
  });

  it("has no Apply button for who may not deploy", () => {
    open({ rights: ["look"] });
    show(<RunButtons narrow={false} />);
    expect(screen.getByRole("button", { name: "Plan" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Apply" })).toBeNull();
  });
});

describe("taking down", () => {
  it("names volumes and asks for the stack's name before data is lost", async () => {
    server.answers["plan?"] = () => [
      200,
      plan({
        operations: [
          operation({ kind: "remove_container" }),
          operation({ kind: "remove_volume", subject: "volume:data", impact: "data at risk" }),
        ],
      }),
    ];
    server.answers.runs = () => [202, run({ kind: "down" })];
    open();
    openDialog("down");
    show(<DownDialog />);
    expect(await screen.findByText(/Volumes are kept: data/)).toBeTruthy();
    await userEvent.click(screen.getByRole("checkbox"));
    const go = screen.getByRole<HTMLButtonElement>("button", { name: "Take down and delete data" });
    expect(go.disabled).toBe(true);
    await userEvent.type(screen.getByLabelText("Type shop to confirm"), "shop");
    await userEvent.click(go);
    expect(server.sent.at(-1)?.body).toMatchObject({ kind: "down", remove_volumes: true });
  });
  it("lists each thing once", () => {
    const two = [
      operation({ kind: "remove_network", subject: "network:a" }),
      operation({ kind: "remove_network", subject: "network:a" }),
    ];
    expect(lossesOf(plan({ operations: two }), []).networks).toEqual(["a"]);
  });
});
