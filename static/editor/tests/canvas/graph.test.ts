import { describe, expect, test } from "vitest";
import { barBox, shortestBar } from "../../src/model/boxes";
import { colorsOf, describeService, drawingOf } from "../../src/model/graph";
import { placed } from "../../src/model/placement";
import { attachment, bridged, graph, network, onDefault, service } from "./samples";

describe("drawing a design", () => {
  test("a service on two networks has a wire to each, not to the first only", () => {
    const drawing = drawingOf(
      graph([service("web", ["front", "back"])], [network("front"), network("back")]),
      {},
    );
    expect(drawing.wires.map((wire) => wire.id)).toEqual(["member:web:front", "member:web:back"]);
  });

  test("docker0 has a bar as soon as a service is on it, and none before", () => {
    expect([...drawingOf(graph([service("web", [])]), {}).bars.keys()]).toEqual([]);
    const drawing = drawingOf(graph([bridged("web")]), {});
    expect(drawing.bars.get("@bridge")?.members).toEqual(["web"]);
    expect(drawing.wires.map((wire) => wire.id)).toEqual(["member:web:@bridge"]);
  });

  test("docker0 stays on the canvas when it was put there", () => {
    const layout = { "network:@bridge": placed(undefined, { x: 0, y: 0, color: 0 }) };
    expect(drawingOf(graph([]), layout).bars.has("@bridge")).toBe(true);
  });

  test("the default network that nobody wrote shows only while a service is on it", () => {
    const implicit = network("default", { implicit: true });
    expect(drawingOf(graph([], [implicit]), {}).bars.size).toBe(0);
    const drawing = drawingOf(graph([onDefault("web")], [implicit]), {});
    expect(drawing.bars.get("default")?.members).toEqual(["web"]);
    expect(drawing.wires[0]).toMatchObject({ kind: "member", implicit: true });
  });

  test("links point from client to server and carry their alias; those to nothing are left out", () => {
    const links = [
      { target: "redis", alias: "db", external: false },
      { target: "gone", alias: "x", external: false },
    ];
    const drawing = drawingOf(graph([bridged("app", { links }), bridged("redis")]), {});
    const found = drawing.wires.filter((wire) => wire.kind === "link");
    expect(found).toEqual([
      { id: "link:app:redis:db", kind: "link", service: "app", target: "redis", alias: "db" },
    ]);
  });

  test("a shared network stack is a wire to its host and no membership", () => {
    const guest = service("side", [], { mode: "service", network_mode: "service:web" });
    const drawing = drawingOf(graph([service("web", ["a"]), guest], [network("a")]), {});
    expect(drawing.wires.map((wire) => wire.id)).toEqual(["member:web:a", "shares:side:web"]);
  });
});

describe("a network's style", () => {
  test("is the one that was chosen", () => {
    const layout = { "network:a": placed(undefined, { x: 0, y: 0, color: 5 }) };
    expect(colorsOf(["a"], layout).get("a")).toBe(5);
  });

  test("differs between eight networks and does not depend on their order", () => {
    const keys = ["front", "back", "metrics", "mail", "jobs", "db", "edge", "admin"];
    const colors = colorsOf(keys, {});
    expect(new Set(colors.values()).size).toBe(8);
    expect(colorsOf([...keys].reverse(), {})).toEqual(
      new Map([...keys].reverse().map((key) => [key, colors.get(key)])),
    );
  });
});

describe("a bar", () => {
  test("is never shorter than its taps need", () => {
    const place = placed(undefined, { x: 0, y: 0, w: 60 });
    expect(barBox(place, 30).w).toBe(shortestBar(30));
    expect(shortestBar(30)).toBeGreaterThanOrEqual(30 * 14);
  });

  test("stands upright or lies flat, and is small when collapsed", () => {
    const upright = placed(undefined, { x: 0, y: 0, h: 400, orientation: "v" });
    expect(barBox(upright, 2)).toMatchObject({ w: 28, h: 400 });
    expect(barBox({ ...upright, collapsed: true }, 2)).toMatchObject({ w: 160, h: 28 });
  });
});

test("a screen reader hears the name, the state and the networks", () => {
  expect(describeService(service("web", ["front", "back"]), "running")).toBe(
    "service web, running, on front and back",
  );
  expect(describeService(bridged("web"), "running")).toBe("service web, running, on docker0");
  const host = service("web", [], { mode: "host", network_mode: "host", attachments: [] });
  expect(describeService(host, "stopped")).toBe("service web, stopped, network mode host");
  expect(attachment("a").implicit).toBe(false);
});
