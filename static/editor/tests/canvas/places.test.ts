// The Host, no network and volumes: what stands where, and what a drop means.
import { describe, expect, it } from "vitest";
import { ghostAt } from "../../src/canvas/dropping";
import { mountPath } from "../../src/canvas/storageEdges";
import { lengthOf } from "../../src/model/boxes";
import { mountPlace } from "../../src/model/catalog";
import { type Box, touches } from "../../src/model/geometry";
import { drawingOf, PINNED, portWords } from "../../src/model/graph";
import { HOST, NONE, networkId, parseId, volumeId } from "../../src/model/ids";
import { tidyBoxes } from "../../src/model/layout";
import { neighbours } from "../../src/model/neighbours";
import { boxesOf } from "../../src/model/placement";
import { removalOf } from "../../src/model/removal";
import { connectionOf } from "../../src/model/wiring";
import { publishedPorts } from "../../src/panels/inspector/PlaceInspector";
import type { MountView, PortView, ServiceView } from "../../src/wire.gen";
import { graph, network, service } from "./samples";

const port = (published: string, target: number, more: Partial<PortView> = {}): PortView => ({
  published,
  target,
  host_ip: "",
  protocol: "tcp",
  ...more,
});
const mounted = (source: string, target: string, read_only = false): MountView => ({
  kind: "volume",
  source,
  target,
  read_only,
});
const volume = (key: string) => ({ key, name: `p_${key}`, external: false, keys: {}, line: 1 });
const onHost = (name: string) => service(name, [], { mode: "host", network_mode: "host" });
const cutOff = (name: string) => service(name, [], { mode: "none", network_mode: "none" });
const withVolumes = (services: ServiceView[], keys: string[]) => ({
  ...graph(services, [network("front")]),
  volumes: keys.map(volume),
});
const pinned = (key: string) => ({
  [networkId(key)]: { x: 0, y: 0, w: 240, h: null, color: PINNED, collapsed: null, orientation: null },
});

describe("the Host", () => {
  const web = service("web", ["front"], { ports: [port("8080", 80), port("", 53, { protocol: "udp" })] });
  const drawn = graph([web, onHost("agent")], [network("front")]);

  it("is a bar once a service is on its network, and what publishes ports hangs on it too", () => {
    const drawing = drawingOf(drawn, {});
    const host = drawing.bars.get(HOST);
    expect(host).toMatchObject({ members: ["agent"], publishers: ["web"], network: null });
    expect(drawing.wires.find((one) => one.kind === "publish")).toMatchObject({
      id: "port:web",
      service: "web",
      words: "8080, auto/udp",
    });
    expect(drawing.wires.find((one) => one.id === `member:agent:${HOST}`)).toBeTruthy();
  });

  it("is not drawn for ports alone, unless someone asked for it", () => {
    const alone = graph([web], [network("front")]);
    expect(drawingOf(alone, {}).bars.has(HOST)).toBe(false);
    expect(drawingOf(alone, pinned(HOST)).bars.get(HOST)?.publishers).toEqual(["web"]);
  });

  it("is long enough for the words of every port", () => {
    const many = Array.from({ length: 9 }, (_, index) => `web${index}`);
    expect(lengthOf({ members: [], publishers: many })).toBeGreaterThan(9 * 100);
  });

  it("names ports in few words", () => {
    const three = [port("127.0.0.1:", 1), port("8443", 443), port("9000", 9000)];
    const local = [port("5432", 5432, { host_ip: "127.0.0.1" })];
    expect(portWords(service("a", [], { ports: local }))).toBe("local 5432");
    expect(portWords(service("a", [], { ports: three.slice(1) }))).toBe("8443, 9000");
    expect(portWords(service("a", [], { ports: [...three.slice(1), ...local] }))).toBe("8443, 9000 +1");
  });

  it("lists ports by number", () => {
    const db = service("db", [], { ports: [port("5432", 5432)] });
    expect(
      publishedPorts([web, db, onHost("agent")]).map((one) => `${one.published}→${one.service}`),
    ).toEqual(["5432→db", "8080→web", "→web"]);
  });
});

describe("a service put on a place", () => {
  const drawn = graph([service("web", ["front"]), cutOff("lone")], [network("front")]);

  it.each([
    ["@bridge", "bridge"],
    ["@host", "host"],
    ["@none", "none"],
  ])("%s sets its network_mode", (key, mode) => {
    expect(connectionOf(drawn, "service:web", networkId(key))).toMatchObject({
      kind: "attach",
      edit: { kind: "set_network_mode", service: "web", mode },
    });
  });

  it("that it is on already is refused", () => {
    expect(connectionOf(drawn, "service:lone", networkId(NONE)).kind).toBe("refused");
  });

  it("goes back to its networks when the place is removed", () => {
    const { edits } = removalOf(graph([onHost("a"), onHost("b")]), [networkId(HOST)]);
    expect(edits).toEqual([
      { kind: "set_network_mode", service: "a", mode: null },
      { kind: "set_network_mode", service: "b", mode: null },
    ]);
  });

  it("is drawn as cut off only where someone asked for that place", () => {
    expect(drawingOf(drawn, {}).bars.has(NONE)).toBe(false);
    expect(drawingOf(drawn, pinned(NONE)).bars.get(NONE)?.members).toEqual(["lone"]);
  });
});

describe("a volume", () => {
  const api = service("api", ["front"], {
    mounts: [mounted("data", "/data"), mounted("data", "/more", true)],
    keys: { volumes: ["data:/data", "./x:/x", "data:/more:ro"] },
  });
  const worker = service("worker", ["front"], { mounts: [mounted("data", "/in", true)] });
  const drawn = withVolumes([api, worker], ["data", "spare"]);

  it("is one thing, however many services and places mount it", () => {
    const drawing = drawingOf(drawn, {});
    expect(drawing.stores.get("data")?.users).toEqual(["api", "worker"]);
    expect(drawing.stores.get("spare")?.users).toEqual([]);
    expect(drawing.wires.filter((one) => one.kind === "mount")).toEqual([
      {
        id: "mount:api:data",
        kind: "mount",
        service: "api",
        volume: "data",
        paths: ["/data", "/more"],
        readOnly: false,
      },
      {
        id: "mount:worker:data",
        kind: "mount",
        service: "worker",
        volume: "data",
        paths: ["/in"],
        readOnly: true,
      },
    ]);
    expect(neighbours(drawing, [volumeId("data")]).sort()).toEqual([
      "service:api",
      "service:worker",
      "volume:data",
    ]);
  });

  it("stands clear of everything, tidy or not, and stays where it was", () => {
    const drawing = drawingOf(drawn, {});
    const clear = (boxes: Record<string, Box>) => {
      const all = Object.values(boxes);
      return all.every((a, index) => all.slice(index + 1).every((b) => !touches(a, b, 0)));
    };
    const tidy = tidyBoxes(drawing);
    expect(Object.keys(tidy).sort()).toEqual(
      ["network:front", "service:api", "service:worker", "volume:data", "volume:spare"].sort(),
    );
    expect(clear(tidy)).toBe(true);
    const layout = Object.fromEntries(
      ["network:front", "service:api", "service:worker"].map((id) => [
        id,
        { ...(tidy[id] as Box), color: null, collapsed: null, orientation: null },
      ]),
    );
    const boxes = boxesOf(drawing, layout);
    expect(clear(boxes)).toBe(true);
    expect(boxesOf(drawing, layout, boxes)).toEqual(boxes);
  });

  it("is mounted by a line to a service, and by nothing else", () => {
    expect(connectionOf(drawn, "volume:spare", "service:api")).toEqual({
      kind: "mount",
      service: "api",
      volume: "spare",
    });
    expect(connectionOf(drawn, "volume:spare", "network:front").kind).toBe("refused");
  });

  it("is taken from a service by its lines, the last first", () => {
    const { edits, label } = removalOf(drawn, ["mount:api:data"]);
    expect(edits).toEqual([
      { kind: "remove_value", path: ["services", "api", "volumes", 2] },
      { kind: "remove_value", path: ["services", "api", "volumes", 0] },
    ]);
    expect(label).toBe("Remove data from api");
    expect(removalOf(drawn, ["volume:spare"]).edits).toEqual([{ kind: "remove_volume", name: "spare" }]);
  });

  it("appears where the image keeps its data, when that is free", () => {
    const db = service("db", [], { image: "postgres:15" });
    expect(mountPlace({ services: [db] }, "db")).toBe("/var/lib/postgresql/data");
    expect(mountPlace({ services: [api] }, "api")).toBe("/data2");
  });

  it("is drawn to from the nearer end of a card", () => {
    const card = { x: 0, y: 0, w: 240, h: 132 };
    expect(mountPath(card, { x: 40, y: 200, w: 160, h: 48 })).toMatch(/^M\d+,132C/);
    expect(mountPath(card, { x: 40, y: -200, w: 160, h: 48 })).toMatch(/^M\d+,0C/);
  });
});

describe("the ghost of what is dragged", () => {
  const boxes: Record<string, Box> = {
    "service:web": { x: 0, y: 0, w: 240, h: 132 },
    "network:@host": { x: 0, y: 300, w: 400, h: 28 },
  };

  it("of a volume goes into cards, of a service onto bars", () => {
    expect(ghostAt({ kind: "volume", source: "" }, { x: 20, y: 20 }, boxes, 20)).toMatchObject({
      onto: "service:web",
      label: "New volume",
    });
    expect(ghostAt({ kind: "bind" }, { x: 20, y: 310 }, boxes, 20).onto).toBeNull();
    const template = { id: "a", name: "a", image: "a", keys: {} };
    expect(ghostAt({ kind: "service", template }, { x: 20, y: 310 }, boxes, 20).onto).toBe("network:@host");
  });
});

it("ids of volumes, mounts and ports are read back", () => {
  expect(parseId("volume:data")).toEqual({ kind: "volume", key: "data" });
  expect(parseId("mount:web:data")).toEqual({ kind: "mount", service: "web", volume: "data" });
  expect(parseId("port:web")).toEqual({ kind: "port", service: "web" });
});
