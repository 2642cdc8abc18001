// A thousand services: what is worked out before anything is drawn has to be quick.
import { expect, it } from "vitest";
import { barsOfHeld, routesOf } from "../../src/canvas/scene";
import { touches } from "../../src/model/geometry";
import { drawingOf } from "../../src/model/graph";
import { boxesOf } from "../../src/model/placement";
import type { Places } from "../../src/model/state";
import { graph, network, service } from "./samples";

const SERVICES = 1000;
const VOLUMES = 100;

const drawn = {
  ...graph(
    Array.from({ length: SERVICES }, (_, index) =>
      service(`s${index}`, [`net${Math.floor(index / 50)}`], {
        mounts:
          index % 10 ? [] : [{ kind: "volume", source: `v${index / 10}`, target: "/data", read_only: false }],
      }),
    ),
    Array.from({ length: 20 }, (_, index) => network(`net${index}`)),
  ),
  volumes: Array.from({ length: VOLUMES }, (_, index) => ({
    key: `v${index}`,
    name: `v${index}`,
    external: false,
    keys: {},
    line: 1,
  })),
};

it("finds a free spot for each of 100 volumes among 1,000 placed services in no time", () => {
  const drawing = drawingOf(drawn, {});
  const tidy = boxesOf(drawing, {});
  const layout: Places = Object.fromEntries(
    Object.entries(tidy)
      .filter(([id]) => !id.startsWith("volume:"))
      .map(([id, box]) => [id, { ...box, color: null, collapsed: null, orientation: null }]),
  );
  const began = performance.now();
  const boxes = boxesOf(drawing, layout);
  const took = performance.now() - began;
  expect(Object.keys(boxes)).toHaveLength(SERVICES + 20 + VOLUMES);
  const volumes = Object.entries(boxes).filter(([id]) => id.startsWith("volume:"));
  for (const [id, box] of volumes)
    expect(Object.entries(boxes).filter(([other, one]) => other !== id && touches(box, one, 0))).toEqual([]);
  expect(took).toBeLessThan(600); // about 40 ms on a quiet machine
  const routed = performance.now();
  routesOf(drawing, boxes, layout, new Map());
  expect(performance.now() - routed).toBeLessThan(600);
});

it("finds only the lines of a card's own bars while it is dragged, the same as all anew", () => {
  const drawing = drawingOf(drawn, {});
  const boxes = boxesOf(drawing, {});
  const before = routesOf(drawing, boxes, {}, new Map());
  const card = boxes["service:s120"];
  if (!card) throw new Error("no card");
  const held = { "service:s120": { ...card, x: card.x + 37, y: card.y + 11 } };
  const moved = { ...boxes, ...held };
  const only = barsOfHeld(drawing, held);
  expect([...(only ?? [])]).toEqual(["net2"]);
  const partly = routesOf(drawing, moved, {}, before, only);
  const anew = routesOf(drawing, moved, {}, before);
  expect(partly.size).toBe(anew.size);
  for (const [id, route] of anew) if (id.endsWith(":net2")) expect(partly.get(id)).toEqual(route);
  expect(barsOfHeld(drawing, { "network:net2": card })).toBeNull();
  expect(barsOfHeld(drawing, {})).toBeNull();
});
