import { act, cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { editor } from "../../src/model/store";
import { applyNow } from "../../src/panels/apply";
import { DownDialog, lossesOf } from "../../src/panels/DownDialog";
import { openDialog } from "../../src/panels/dialogs";
import { ServiceInspector } from "../../src/panels/inspector/ServiceInspector";
import { ListPanel } from "../../src/panels/ListPanel";
import { PlanPanel } from "../../src/panels/PlanPanel";
import { ProblemsPanel } from "../../src/panels/ProblemsPanel";
import { RunButtons } from "../../src/panels/RunButtons";
import { useCodeLine } from "../../src/panels/show";
import type { OperationView, StackView } from "../../src/wire.gen";
import { open, plan, run, service, show, stack } from "./fixture";

interface Sent {
  method: string;
  path: string;
  body: { edit?: unknown; kind?: string; digest?: string; remove_volumes?: boolean };
}

let sent: Sent[] = [];
let answers: Record<string, (body: unknown) => [number, unknown]> = {};

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

beforeEach(() => {
  sent = [];
  answers = {
    edits: () => [
      200,
      { version: 4, inverse: { kind: "patch_text", hunks: [] }, notes: [], stack: stack({ version: 4 }) },
    ],
  };
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const body = init.body ? JSON.parse(String(init.body)) : {};
    sent.push({ method: String(init.method), path, body });
    const key = Object.keys(answers).find((one) => path.includes(one));
    const [status, answer] =
      key && answers[key] ? answers[key](body) : [404, { code: "x", message: "no", fix: "" }];
    return new Response(JSON.stringify(answer), { status });
  });
});

afterEach(() => {
  cleanup();
  openDialog(null);
  vi.unstubAllGlobals();
});

const edits = () => sent.filter((one) => one.path.endsWith("/edits")).map((one) => one.body.edit);
const withService = (over: Parameters<typeof service>[0], more: Partial<StackView> = {}) => {
  const one = service(over);
  open({ ...more, graph: { project: "shop", services: [one], networks: [], volumes: [] } });
  return one;
};

describe("the service inspector", () => {
  it("sends one edit for a port that is changed, and keeps the others' form", async () => {
    const one = withService({
      keys: { image: "nginx", ports: ["8080:80", { target: 443, published: "8443" }] },
    });
    show(<ServiceInspector service={one} />);
    const field = screen.getByLabelText("Port on the host of port 80");
    await userEvent.clear(field);
    await userEvent.type(field, "9090{Enter}");
    expect(edits()).toEqual([
      {
        kind: "set_value",
        path: ["services", "web", "ports"],
        value: ["9090:80", { target: 443, published: "8443" }],
      },
    ]);
  });

  it("explains what cannot be, keeps it, and sends nothing", async () => {
    const one = withService({ keys: { image: "nginx", ports: ["8080:80"] } });
    show(<ServiceInspector service={one} />);
    const field = screen.getByLabelText<HTMLInputElement>("Port on the host of port 80");
    await userEvent.clear(field);
    await userEvent.type(field, "99999");
    await userEvent.tab();
    expect(screen.getByText(/65535/)).toBeTruthy();
    expect(field.value).toBe("99999");
    expect(edits()).toEqual([]);
  });

  it("covers a secret until it is asked for", async () => {
    const one = withService({ keys: { environment: { API_KEY: "hush", PORT: "1" } } });
    show(<ServiceInspector service={one} />);
    await userEvent.click(screen.getByRole("button", { name: /Environment/ }));
    const field = screen.getByLabelText<HTMLInputElement>("Value of API_KEY");
    expect(field.type).toBe("password");
    await userEvent.click(screen.getByRole("button", { name: "Show API_KEY" }));
    expect(field.type).toBe("text");
    expect(screen.getByLabelText<HTMLInputElement>("Value of PORT").type).toBe("text");
  });

  it("keeps a command's form: a shell line stays one, a list stays one", async () => {
    const one = withService({ keys: { image: "busybox", command: ["sleep", "1"] } });
    show(<ServiceInspector service={one} />);
    const field = screen.getByLabelText("Command");
    await userEvent.clear(field);
    await userEvent.type(field, "sh -c 'echo a b'{Enter}");
    expect(edits()).toEqual([
      { kind: "set_value", path: ["services", "web", "command"], value: ["sh", "-c", "echo a b"] },
    ]);
  });

  it("shows a problem at its field, opened", () => {
    const problem = {
      code: "port-taken-twice",
      message: "8080 is published twice.",
      fix: "Take another.",
      subject: "service:web",
      path: ["services", "web", "ports", 0],
      line: 4,
      column: 1,
      severity: "error" as const,
      file: "",
    };
    const one = withService({ keys: { ports: ["8080:80"] } }, { problems: [problem] });
    show(<ServiceInspector service={one} />);
    const section = screen.getByRole("region", { name: "Ports" });
    expect(section.textContent).toContain("8080 is published twice.");
  });

  it("offers no edit to who may only look", () => {
    const one = withService({ keys: { ports: ["8080:80"] } }, { rights: ["look"] });
    show(<ServiceInspector service={one} />);
    expect(screen.queryByRole("button", { name: "Remove web" })).toBeNull();
    expect(screen.queryByLabelText("Name of the service")).toBeNull();
    expect(screen.getByLabelText<HTMLInputElement>("Port on the host of port 80").readOnly).toBe(true);
  });
});

describe("the plan", () => {
  it("says in words what it does, and asks for exactly the digest shown", async () => {
    open();
    answers.runs = () => [202, run({ state: "queued" })];
    editor.set({
      plan: plan({
        operations: [operation({}), operation({ index: 1, subject: "service:other", impact: "in place" })],
      }),
    });
    show(<PlanPanel />);
    expect(screen.getByText("1 new · 1 in place · nothing is recreated")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    expect(sent.at(-1)).toMatchObject({ method: "POST", body: { kind: "apply", digest: "d1" } });
    expect(editor.get().run?.state).toBe("queued");
  });

  it("wants data at risk agreed to, and for that plan only", async () => {
    open();
    answers.runs = () => [202, run({ state: "queued" })];
    editor.set({ plan: plan({ operations: [operation({ impact: "data at risk" })] }), side: "plan" });
    show(<PlanPanel />);
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Apply, with data at risk" });
    expect(button.disabled).toBe(true);
    await applyNow(); // the keyboard's way asks for it as well
    expect(sent.some((one) => one.path.endsWith("/runs"))).toBe(false);
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
    answers.runs = () => [409, { code: "plan-changed", message: "The plan changed.", fix: "", problems: [] }];
    answers["plan?"] = () => [
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
    answers.runs = () => [202, run({ state: "queued" })];
    answers["plan?"] = () => [200, plan({ operations: [operation({})] })];
    open();
    await applyNow();
    expect(sent.some((one) => one.path.endsWith("/runs"))).toBe(true);
    sent = [];
    answers["plan?"] = () => [200, plan({ operations: [operation({ impact: "recreate" })] })];
    open();
    await applyNow();
    expect(sent.some((one) => one.path.endsWith("/runs"))).toBe(false);
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
    answers["plan?"] = () => [
      200,
      plan({
        operations: [
          operation({ kind: "remove_container" }),
          operation({ kind: "remove_volume", subject: "volume:data", impact: "data at risk" }),
        ],
      }),
    ];
    answers.runs = () => [202, run({ kind: "down" })];
    open();
    openDialog("down");
    show(<DownDialog />);
    expect(await screen.findByText(/Volumes are kept: data/)).toBeTruthy();
    await userEvent.click(screen.getByRole("checkbox"));
    const go = screen.getByRole<HTMLButtonElement>("button", { name: "Take down and delete data" });
    expect(go.disabled).toBe(true);
    await userEvent.type(screen.getByLabelText("Type shop to confirm"), "shop");
    await userEvent.click(go);
    expect(sent.at(-1)?.body).toMatchObject({ kind: "down", remove_volumes: true });
  });
  it("lists each thing once", () => {
    const two = [
      operation({ kind: "remove_network", subject: "network:a" }),
      operation({ kind: "remove_network", subject: "network:a" }),
    ];
    expect(lossesOf(plan({ operations: two }), []).networks).toEqual(["a"]);
  });
});

describe("lists", () => {
  it("mirror the graph and open what is pressed", async () => {
    withService({
      attachments: [{ network: "front", aliases: [], ipv4: "", ipv6: "", mac: "", implicit: false }],
    });
    show(<ListPanel />);
    await userEvent.click(screen.getByRole("button", { name: /^front/ }));
    expect(editor.get()).toMatchObject({ selection: ["member:web:front"], side: "inspector" });
  });
  it("lead from a problem to its service", async () => {
    const problem = {
      code: "x",
      message: "Cycle.",
      fix: "",
      subject: "service:web",
      path: [],
      line: 0,
      column: 0,
      severity: "error" as const,
      file: "",
    };
    withService({}, { problems: [problem] });
    show(<ProblemsPanel />);
    await userEvent.click(screen.getByRole("button", { name: /Cycle/ }));
    expect(editor.get().selection).toEqual(["service:web"]);
  });
});
