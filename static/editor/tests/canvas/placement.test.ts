import { describe, expect, test } from "vitest";
import { type Box, touches } from "../../src/model/geometry";
import { drawingOf } from "../../src/model/graph";
import { tidyBoxes } from "../../src/model/layout";
import { align, boxesOf, freeSpot, placed, rest } from "../../src/model/placement";
import { bridged, graph, network, service } from "./samples";

const many = (count: number, networks: number) => {
  const keys = Array.from({ length: networks }, (_, index) => `n${index}`);
  const services = Array.from({ length: count }, (_, index) =>
    service(
      `s${index}`,
      index % 4 ? [`n${index % networks}`] : [`n${index % networks}`, `n${(index + 1) % networks}`],
    ),
  );
  return drawingOf(
    graph(
      [...services, bridged("b"), service("h", [], { mode: "host" })],
      keys.map((key) => network(key)),
    ),
    {},
  );
};

const overlaps = (boxes: Record<string, Box>) => {
  const all = Object.entries(boxes);
  return all.flatMap(([a, box], index) =>
    all.slice(index + 1).flatMap(([b, other]) => (touches(box, other, 0) ? [`${a} ${b}`] : [])),
  );
};

describe("tidy", () => {
  test.each([
    [3, 1],
    [12, 3],
    [60, 8],
    [300, 40],
  ])("places %i services on %i networks without overlaps, on the grid", (count, networks) => {
    const drawing = many(count, networks);
    const boxes = tidyBoxes(drawing);
    expect(Object.keys(boxes)).toHaveLength(drawing.services.size + drawing.bars.size);
    expect(overlaps(boxes)).toEqual([]);
    expect(Object.values(boxes).every(({ x, y }) => x % 20 === 0 && y % 20 === 0)).toBe(true);
  });

  test("gives the same places for the same design", () => {
    expect(tidyBoxes(many(40, 6))).toEqual(tidyBoxes(many(40, 6)));
  });

  test("puts a service on two networks between their bars", () => {
    const boxes = tidyBoxes(
      drawingOf(
        graph(
          [service("a", ["front"]), service("both", ["front", "back"]), service("b", ["back"])],
          [network("front"), network("back")],
        ),
        {},
      ),
    );
    const y = (id: string) => boxes[id]?.y ?? Number.NaN;
    expect(y("service:both")).toBeGreaterThan(y("network:front"));
    expect(y("service:both")).toBeLessThan(y("network:back"));
  });

  test("is not a single row: wider than high, but by less than four times", () => {
    const boxes = Object.values(tidyBoxes(many(60, 8)));
    const w = Math.max(...boxes.map((box) => box.x + box.w));
    const h = Math.max(...boxes.map((box) => box.y + box.h));
    expect(w / h).toBeGreaterThan(0.6);
    expect(w / h).toBeLessThan(4);
  });
});

describe("nodes without a place", () => {
  const drawing = drawingOf(graph([service("a", ["n"]), service("b", ["n"])], [network("n")]), {});

  test("go to a free spot beneath their bar and move nobody", () => {
    const layout = {
      "network:n": placed(undefined, { x: 100, y: 100, w: 520 }),
      "service:a": placed(undefined, { x: 100, y: 180 }),
    };
    const boxes = boxesOf(drawing, layout);
    expect(boxes["service:a"]).toMatchObject({ x: 100, y: 180 });
    expect(boxes["network:n"]).toMatchObject({ x: 100, y: 100, w: 520 });
    expect(overlaps(boxes)).toEqual([]);
  });

  test("stay where they were drawn when another gets its first place", () => {
    const first = boxesOf(drawing, {});
    const then = boxesOf(drawing, { "service:a": placed(undefined, { x: 900, y: 900 }) }, first);
    expect(then["service:b"]).toEqual(first["service:b"]);
    expect(then["service:a"]).toMatchObject({ x: 900, y: 900 });
  });

  test("a place at x = 0 counts as a place", () => {
    const boxes = boxesOf(drawing, { "service:a": placed(undefined, { x: 0, y: 0 }) });
    expect(boxes["service:a"]).toMatchObject({ x: 0, y: 0 });
  });
});

test("a free spot is the wanted one when nothing is there, else the nearest on the grid", () => {
  const wanted = { x: 103, y: 98, w: 240, h: 132 };
  expect(freeSpot([], wanted)).toEqual({ x: 100, y: 100 });
  const taken = [{ x: 100, y: 100, w: 240, h: 132 }];
  const spot = freeSpot(taken, wanted);
  expect(touches({ ...wanted, ...spot }, taken[0] as Box)).toBe(false);
});

describe("dragging", () => {
  const other: Box = { x: 300, y: 100, w: 240, h: 132 };

  test("lines up with a near edge and shows where", () => {
    const found = align({ x: 304, y: 500, w: 240, h: 132 }, [other], 6);
    expect(found.dx).toBe(-4);
    expect(found.guides).toMatchObject([{ axis: "x", at: 300 }]);
  });

  test("leaves what is not near anything alone", () => {
    expect(align({ x: 700, y: 500, w: 240, h: 132 }, [other], 6)).toEqual({ dx: 0, dy: 0, guides: [] });
  });

  test("rests on the grid where no guide holds it", () => {
    expect(rest({ x: 47, y: 111 }, [])).toEqual({ x: 40, y: 120 });
    expect(rest({ x: 47, y: 111 }, [{ axis: "x", at: 47, from: 0, to: 1 }])).toEqual({ x: 47, y: 120 });
  });
});
