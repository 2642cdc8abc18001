// The inspector and the lists beside it: fields write edits, and nothing is offered that one may not do.
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { editor } from "../../src/model/store";
import { ServiceInspector } from "../../src/panels/inspector/ServiceInspector";
import { ListPanel } from "../../src/panels/ListPanel";
import { ProblemsPanel } from "../../src/panels/ProblemsPanel";
import type { StackView } from "../../src/wire.gen";
import { open, service, show } from "./fixture";
import { edits, serve } from "./server";

serve();

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
