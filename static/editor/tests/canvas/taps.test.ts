import { describe, expect, test } from "vitest";
import type { Box } from "../../src/model/geometry";
import { facing, type Membership, roundedPath, routes, spread } from "../../src/model/taps";

const card = (x: number, y: number): Box => ({ x, y, w: 240, h: 132 });
const bar: Box = { x: 0, y: 0, w: 800, h: 28 };
const member = (service: string, box: Box, more: Partial<Membership> = {}): Membership => ({
  id: `member:${service}:${more.network ?? "a"}`,
  service,
  network: "a",
  card: box,
  bar,
  vertical: false,
  ...more,
});
const route = (members: Membership[], cards: Box[], id: string) => {
  const found = routes(members, cards).get(id);
  if (!found) throw new Error(`no route ${id}`);
  return found;
};

describe("a membership's line", () => {
  test("is one straight line where the card stands beneath its bar", () => {
    const web = card(100, 108);
    const { points, port, tap } = route([member("web", web)], [web], "member:web:a");
    expect(points).toHaveLength(2);
    expect(port).toEqual({ x: 220, y: 108, side: "top" });
    expect(tap).toEqual({ x: 220, y: 28, side: "bottom" });
  });

  test("slides its tap along the bar when the card moves", () => {
    const at = (x: number) => route([member("web", card(x, 108))], [card(x, 108)], "member:web:a").tap.x;
    expect(at(300) - at(100)).toBe(200);
  });

  test("ends at the bar's end when the card stands beyond it", () => {
    const web = card(1200, 108);
    const { tap } = route([member("web", web)], [web], "member:web:a");
    expect(tap.x).toBeLessThanOrEqual(800);
    expect(tap.x).toBeGreaterThan(770);
  });

  test("goes through the gutter when another card is in its way", () => {
    const [upper, lower] = [card(100, 108), card(100, 288)];
    const { points } = route([member("up", upper), member("low", lower)], [upper, lower], "member:low:a");
    const inside = points.filter(
      ({ x, y }) => x > upper.x && x < upper.x + upper.w && y > upper.y && y < upper.y + upper.h,
    );
    expect(inside).toEqual([]);
    expect(points.some(({ x }) => x < upper.x || x > upper.x + upper.w)).toBe(true);
  });

  test("leaves a card's side towards an upright bar", () => {
    const upright: Box = { x: 600, y: 0, w: 28, h: 500 };
    const web = card(100, 108);
    const found = route([member("web", web, { bar: upright, vertical: true })], [web], "member:web:a");
    expect(found.port.side).toBe("right");
    expect(found.tap).toMatchObject({ x: 600, side: "left" });
  });
});

test("taps of many services on one bar never coincide", () => {
  const members = Array.from({ length: 12 }, (_, index) => member(`s${index}`, card(100, 108 + index * 180)));
  const found = routes(
    members,
    members.map((one) => one.card),
  );
  const taps = [...found.values()].map(({ tap }) => tap.x).sort((a, b) => a - b);
  taps.slice(1).forEach((x, index) => {
    expect(x - (taps[index] as number)).toBeGreaterThanOrEqual(13.9);
  });
});

test("a card's ports on one side stand in the order of their bars and apart", () => {
  const web = card(400, 108);
  const left = { x: 0, y: 0, w: 300, h: 28 };
  const right = { x: 800, y: 0, w: 300, h: 28 };
  const members = [
    member("web", web, { network: "r", bar: right }),
    member("web", web, { network: "l", bar: left }),
  ];
  const found = routes(members, [web]);
  const [l, r] = [found.get("member:web:l")?.port.x ?? 0, found.get("member:web:r")?.port.x ?? 0];
  expect(r - l).toBeGreaterThanOrEqual(20);
});

test("a bar above, below or beside a card is met on that side", () => {
  expect(facing({ card: card(0, 100), bar: { x: 0, y: 0, w: 300, h: 28 }, vertical: false })).toBe("top");
  expect(facing({ card: card(0, 100), bar: { x: 0, y: 400, w: 300, h: 28 }, vertical: false })).toBe(
    "bottom",
  );
  expect(facing({ card: card(0, 100), bar: { x: 400, y: 140, w: 300, h: 28 }, vertical: false })).toBe(
    "right",
  );
});

test("values that are too near are pushed apart inside their limits, keeping their order", () => {
  expect(spread([50, 50, 50], 0, 100, 20)).toEqual([50, 70, 90]);
  expect(spread([95, 95], 0, 100, 20)).toEqual([80, 100]);
  const tight = spread([0, 0, 0, 0, 0], 0, 40, 20);
  expect(tight).toEqual([0, 10, 20, 30, 40]);
});

test("corners of a path are rounded, never beyond half of a leg", () => {
  const path = roundedPath(
    [
      { x: 0, y: 0 },
      { x: 0, y: 10 },
      { x: 100, y: 10 },
    ],
    20,
  );
  expect(path).toBe("M0,0L0,5Q0,10 5,10L100,10");
});
