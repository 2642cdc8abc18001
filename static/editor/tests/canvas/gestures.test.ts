import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addServiceAt, serviceEdit } from "../../src/model/additions";
import { clipOf, pasteOf, readClip } from "../../src/model/copies";
import type { Edit } from "../../src/model/edit";
import { connect, removeSelected } from "../../src/model/gestures";
import { removalOf } from "../../src/model/removal";
import { emptyState } from "../../src/model/state";
import { editor } from "../../src/model/store";
import { aliasProblem, connectionOf, linkEdit } from "../../src/model/wiring";
import type { Graph } from "../../src/wire.gen";
import { bridged, graph, network, onDefault, service, state } from "./samples";

const nets = [network("front"), network("back")];

describe("what a line means", () => {
  const drawn = graph(
    [service("web", ["front"]), service("api", ["back"]), bridged("old"), bridged("redis")],
    nets,
  );

  test("card to bar, or bar to card, attaches", () => {
    const edit = { kind: "attach", service: "web", network: "back" };
    expect(connectionOf(drawn, "service:web", "network:back")).toMatchObject({ kind: "attach", edit });
    expect(connectionOf(drawn, "network:back", "service:web")).toMatchObject({ kind: "attach", edit });
  });

  test("card to docker0 puts the service on the default bridge", () => {
    expect(connectionOf(drawn, "service:web", "network:@bridge")).toMatchObject({
      edit: { kind: "set_network_mode", service: "web", mode: "bridge" },
    });
  });

  test("a second attachment to the same bar is refused, in words", () => {
    expect(connectionOf(drawn, "service:web", "network:front")).toEqual({
      kind: "refused",
      why: "web is on front already.",
    });
  });

  test("card to card is a link from client to server on the networks both are on", () => {
    expect(connectionOf(drawn, "service:old", "service:redis")).toEqual({
      kind: "link",
      client: "old",
      server: "redis",
      shared: ["@bridge"],
      fixes: [],
    });
  });

  test("a link between two that share no network offers to bring them together", () => {
    const found = connectionOf(drawn, "service:web", "service:api");
    expect(found).toMatchObject({ kind: "link", shared: [] });
    const [first] = found.kind === "link" ? found.fixes : [];
    expect(first).toEqual({ network: "back", joining: ["web"] });
    expect(linkEdit("web", "api", "api", first ?? null)).toEqual({
      kind: "several",
      edits: [
        { kind: "attach", service: "web", network: "back" },
        { kind: "add_link", service: "web", target: "api", alias: "api" },
      ],
    });
  });

  test("a service in host mode cannot be linked, and is told why", () => {
    const host = graph([service("h", [], { mode: "host" }), bridged("redis")]);
    expect(connectionOf(host, "service:h", "service:redis")).toMatchObject({
      kind: "refused",
      why: /host's network/,
    });
  });

  test("an alias that names another service of the client already is refused", () => {
    const links = [{ target: "redis", alias: "db", external: false }];
    const both = graph([bridged("app", { links }), bridged("redis"), bridged("pg")]);
    expect(aliasProblem(both, "app", "pg", "db")).not.toBe("");
    expect(aliasProblem(both, "app", "pg", "pg")).toBe("");
  });
});

describe("removing", () => {
  test("takes every selected thing in one edit, attachments of removed services not twice", () => {
    const links = [{ target: "api", alias: "api", external: false }];
    const drawn = graph([service("web", ["front"], { links }), service("api", ["front", "back"])], nets);
    const { edits } = removalOf(drawn, [
      "service:web",
      "member:web:front",
      "member:api:front",
      "link:web:api:api",
      "network:back",
    ]);
    expect(edits).toEqual([
      { kind: "detach", service: "api", network: "front" },
      { kind: "remove_service", name: "web" },
      { kind: "remove_network", name: "back" },
    ]);
  });

  test("removes items of one depends_on list from the end, so that indexes stay true", () => {
    const depends = ["a", "b", "c"].map((one) => ({
      service: one,
      condition: "service_started",
      implied: false,
    }));
    const web = service("web", [], { depends_on: depends, keys: { depends_on: ["a", "b", "c"] } });
    const { edits } = removalOf(graph([web]), ["depends:web:a", "depends:web:c"]);
    expect(edits.map((edit) => (edit as Extract<Edit, { kind: "remove_value" }>).path.at(-1))).toEqual([
      2, 0,
    ]);
  });

  test("removes a dependency written as a map by its name", () => {
    const depends_on = [{ service: "db", condition: "service_healthy", implied: false }];
    const web = service("web", [], {
      depends_on,
      keys: { depends_on: { db: { condition: "service_healthy" } } },
    });
    expect(removalOf(graph([web]), ["depends:web:db"]).edits).toEqual([
      { kind: "remove_value", path: ["services", "web", "depends_on", "db"] },
    ]);
  });

  test("says why the implicit default network stays", () => {
    const drawn = graph([onDefault("web")], [network("default", { implicit: true })]);
    const found = removalOf(drawn, ["member:web:default"]);
    expect(found.edits).toEqual([]);
    expect(found.kept[0]).toContain("attach it to one");
  });
});

describe("copies", () => {
  const web = service("web", ["front"], {
    keys: {
      image: "nginx",
      container_name: "the-web",
      ports: ["8080:80"],
      networks: { front: { ipv4_address: "10.0.0.5", aliases: ["www"] } },
      depends_on: ["api"],
      links: ["api:backend"],
    },
    ports: [{ host_ip: "", protocol: "tcp", published: "8080", target: 80 }],
  });
  const drawn: Graph = graph([web, service("api", ["front"])], nets);
  const boxes = {
    "service:web": { x: 0, y: 0, w: 240, h: 132 },
    "service:api": { x: 280, y: 0, w: 240, h: 132 },
  };

  test("keep the wires inside the selection and leave out what there can be only one of", () => {
    const clip = clipOf(drawn, ["service:web", "service:api"], boxes);
    const pasted = clip && pasteOf(drawn, clip, { x: 40, y: 40 }, "Paste");
    expect(pasted?.edit).toMatchObject({
      kind: "several",
      edits: [
        {
          name: "web-2",
          keys: {
            image: "nginx",
            ports: ["8081:80"],
            networks: { front: { aliases: ["www"] } },
            depends_on: ["api-2"],
            links: ["api-2:backend"],
          },
        },
        { name: "api-2" },
      ],
    });
    const [first] = pasted?.edit.kind === "several" ? pasted.edit.edits : [];
    expect(first?.kind === "add_service" && "container_name" in first.keys).toBe(false);
    expect(pasted?.at["service:web-2"]).toMatchObject({ x: 40, y: 40 });
  });

  test("of one service keep its wires to the rest", () => {
    const clip = clipOf(drawn, ["service:web"], boxes);
    const pasted = clip && pasteOf(drawn, clip, { x: 40, y: 40 }, "Duplicate");
    expect(pasted?.edit).toMatchObject({
      kind: "add_service",
      keys: { links: ["api:backend"], depends_on: ["api"] },
    });
  });

  test("read back from clipboard text, and other text is not a clip", () => {
    const clip = clipOf(drawn, ["service:api"], boxes);
    expect(readClip(JSON.stringify(clip))).toEqual(clip);
    expect(readClip("docker run nginx")).toBeNull();
    expect(readClip('{"netyard":1,')).toBeNull();
  });
});

describe("gestures through the session", () => {
  const sent: { url: string; body: { edit?: Edit; nodes?: object } }[] = [];
  beforeEach(() => {
    sent.length = 0;
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      sent.push({ url, body: JSON.parse(String(init.body)) });
      const answer = url.endsWith("/edits")
        ? { inverse: { kind: "patch_text", hunks: [] }, notes: [], stack: editor.get().stack, version: 2 }
        : { layout_version: 1 };
      return new Response(JSON.stringify(answer), { status: 200 });
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    editor.set({ ...emptyState });
  });

  test("a template dropped on a bar becomes a service on that network under a free name, in one undo step", async () => {
    editor.set(state(graph([service("web", ["front"])], nets)));
    const id = await addServiceAt(
      { id: "web", name: "nginx", image: "nginx:alpine", keys: {} },
      { x: 400, y: 300 },
      "front",
    );
    expect(id).toBe("service:web-2");
    expect(sent.find((one) => one.body.edit)?.body.edit).toEqual({
      kind: "add_service",
      name: "web-2",
      keys: { image: "nginx:alpine", networks: ["front"] },
    });
    expect(sent[0]?.body.nodes).toHaveProperty("service:web-2");
    expect(editor.get().undo).toHaveLength(1);
    expect(editor.get().selection).toEqual(["service:web-2"]);
  });

  test("on docker0 a template gets network_mode bridge", () => {
    const { edit } = serviceEdit(
      graph([]),
      { name: "Redis", image: "redis", keys: { networks: ["x"] } },
      "@bridge",
    );
    expect(edit).toEqual({
      kind: "add_service",
      name: "redis",
      keys: { image: "redis", network_mode: "bridge" },
    });
  });

  test("everything selected goes in one edit", async () => {
    editor.set({
      ...state(graph([service("a", []), service("b", [])])),
      selection: ["service:a", "service:b"],
    });
    expect(await removeSelected()).toBe(true);
    expect(sent.map((one) => one.body.edit?.kind)).toEqual(["several"]);
    expect(editor.get().selection).toEqual([]);
  });

  test("nothing is sent for a person who may only look", async () => {
    editor.set({
      ...state(graph([service("a", ["front"])], nets), { rights: ["look"] }),
      selection: ["service:a"],
    });
    expect(await removeSelected()).toBe(false);
    expect(await connect("service:a", "network:back")).toBe(false);
    expect(sent).toEqual([]);
  });
});
