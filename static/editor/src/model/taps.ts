// Where lines run: from a card's port to a tap on a bar. Ports sit on the card's side that faces the bar; a tap slides along the
// bar so that its line is short and straight; taps on one side of a bar keep apart; a line whose way is blocked by another
// card goes through the gutter beside it.
import { type Box, CARD_H, clamp, GAP, type Point } from "./geometry";

export type Side = "top" | "bottom" | "left" | "right";

export interface Stop extends Point {
  side: Side;
}

export interface Route {
  port: Stop;
  tap: Stop;
  points: Point[];
  /** Free room along the bar to the next tap, for the address beside it. */
  room: number;
}

export interface Membership {
  id: string;
  service: string;
  network: string;
  card: Box;
  bar: Box;
  vertical: boolean;
  /** How far its tap keeps from the next; TAP_GAP unless said otherwise. */
  gap?: number;
}

const PORT_GAP = 44;
const TAP_GAP = 14;
const BAR_END = 14;
const STUB = 16;

/** Which side of the card faces the bar. */
export function facing({ card, bar, vertical }: Pick<Membership, "card" | "bar" | "vertical">): Side {
  const above = bar.y + bar.h <= card.y;
  const under = bar.y >= card.y + card.h;
  const before = bar.x + bar.w <= card.x;
  const after = bar.x >= card.x + card.w;
  if (vertical && before) return "left";
  if (vertical && after) return "right";
  if (above) return "top";
  if (under) return "bottom";
  if (before) return "left";
  if (after) return "right";
  return center(bar).y <= center(card).y ? "top" : "bottom";
}

const center = (box: Box): Point => ({ x: box.x + box.w / 2, y: box.y + box.h / 2 });
const upright = (side: Side) => side === "top" || side === "bottom";
const opposite: Record<Side, Side> = { top: "bottom", bottom: "top", left: "right", right: "left" };

function onSide(box: Box, side: Side, along: number): Stop {
  if (side === "top") return { x: along, y: box.y, side };
  if (side === "bottom") return { x: along, y: box.y + box.h, side };
  if (side === "left") return { x: box.x, y: along, side };
  return { x: box.x + box.w, y: along, side };
}

/** Ports of one card on one side, around its middle, in the order of the bars they lead to. */
function spreadPorts(members: Membership[], side: Side): Map<string, Stop> {
  const first = members[0];
  if (!first) return new Map();
  const { card } = first;
  const [middle, length] = upright(side) ? [card.x + card.w / 2, card.w] : [card.y + card.h / 2, card.h];
  const gap = Math.min(PORT_GAP, (length - 40) / Math.max(1, members.length - 1));
  const nearest = ({ bar }: Membership) =>
    upright(side) ? clamp(middle, bar.x, bar.x + bar.w) : clamp(middle, bar.y, bar.y + bar.h);
  const far = ({ bar }: Membership) =>
    upright(side) ? Math.abs(center(bar).y - center(card).y) : Math.abs(center(bar).x - center(card).x);
  const sorted = [...members].sort(
    (a, b) => nearest(a) - nearest(b) || far(a) - far(b) || (a.network < b.network ? -1 : 1),
  );
  return new Map(
    sorted.map((member, index) => {
      const offset = (index - (sorted.length - 1) / 2) * gap;
      return [member.id, onSide(card, side, Math.round(middle + offset))];
    }),
  );
}

/** Push apart values that are nearer than `gap`, in order, inside [low, high], each as near to its wish as can be. */
export function spread(wishes: number[], low: number, high: number, gap: number): number[] {
  const count = wishes.length;
  const step = count > 1 ? Math.min(gap, (high - low) / (count - 1)) : gap;
  const order = wishes
    .map((wish, index) => ({ wish, index }))
    .sort((a, b) => a.wish - b.wish || a.index - b.index);
  const placed: number[] = [];
  order.forEach(({ wish }, rank) => {
    const least = rank ? (placed[rank - 1] ?? low) + step : low;
    placed.push(clamp(wish, Math.max(low, least), high));
  });
  let most = high;
  for (let rank = count - 1; rank >= 0; rank--) {
    placed[rank] = Math.min(placed[rank] ?? low, most);
    most = (placed[rank] ?? low) - step;
  }
  const result = new Array<number>(count);
  order.forEach(({ index }, rank) => {
    result[index] = placed[rank] ?? low;
  });
  return result;
}

const COLUMN = 320;

/** Cards by column, so that a line asks only those near it. */
class Cards {
  private columns = new Map<number, Box[]>();

  constructor(cards: Box[]) {
    for (const card of cards)
      for (let at = Math.floor(card.x / COLUMN); at <= Math.floor((card.x + card.w) / COLUMN); at++)
        this.columns.set(at, [...(this.columns.get(at) ?? []), card]);
  }

  /** Whether an upright line at `x` between `from` and `to` runs through a card other than `own`. */
  blocks(x: number, from: number, to: number, own: Box): boolean {
    const [top, bottom] = from < to ? [from, to] : [to, from];
    return (this.columns.get(Math.floor(x / COLUMN)) ?? []).some(
      (card) =>
        (card.x !== own.x || card.y !== own.y) &&
        x > card.x - 4 &&
        x < card.x + card.w + 4 &&
        card.y < bottom - 2 &&
        card.y + card.h > top + 2,
    );
  }
}

/** The x at which an upright line from the port can pass to the bar: its own, or that of a free gutter. */
function passage(port: Stop, { card, bar }: Membership, cards: Cards, lane: number): number {
  const end = port.side === "top" ? bar.y + bar.h : bar.y;
  const start = port.y + (port.side === "top" ? -STUB : STUB);
  const straight = clamp(port.x, bar.x + BAR_END, bar.x + bar.w - BAR_END);
  if (!cards.blocks(port.x, port.y, end, card)) return port.x === straight ? port.x : straight;
  const aside = (lane - 2) * 6; // lines of different networks in one gutter keep apart
  const gutters = [card.x - GAP / 2, card.x + card.w + GAP / 2, card.x - GAP * 1.5 - card.w].map(
    (x) => x + aside,
  );
  const inside = (x: number) => x >= bar.x && x <= bar.x + bar.w;
  const free = gutters.filter((x) => !cards.blocks(x, start, end, card));
  return free.find(inside) ?? free[0] ?? port.x;
}

function points(port: Stop, tap: Stop, via: number): Point[] {
  if (upright(port.side) && upright(tap.side)) {
    const up = port.side === "top" ? -1 : 1;
    if (Math.abs(port.x - tap.x) < 0.5 && Math.abs(via - tap.x) < CARD_H / 4) return [port, tap];
    const leave = port.y + up * Math.min(STUB, Math.abs(tap.y - port.y) / 2);
    if (Math.abs(via - tap.x) < 40) return [port, { x: port.x, y: leave }, { x: tap.x, y: leave }, tap];
    const arrive = tap.y - up * STUB;
    return [
      port,
      { x: port.x, y: leave },
      { x: via, y: leave },
      { x: via, y: arrive },
      { x: tap.x, y: arrive },
      tap,
    ];
  }
  if (!upright(port.side) && !upright(tap.side)) {
    if (Math.abs(port.y - tap.y) < 0.5) return [port, tap];
    const middle = (port.x + tap.x) / 2;
    return [port, { x: middle, y: port.y }, { x: middle, y: tap.y }, tap];
  }
  return upright(port.side) ? [port, { x: port.x, y: tap.y }, tap] : [port, { x: tap.x, y: port.y }, tap];
}

/**
 * A line for every membership, by its id; with `only`, for those of these networks. Pure: the same rectangles give the same lines.
 */
export function routes(
  members: Membership[],
  allCards: Box[],
  only: Set<string> | null = null,
): Map<string, Route> {
  const cards = new Cards(allCards);
  const ports = new Map<string, Stop>();
  const asked = only && new Set(members.flatMap((one) => (only.has(one.network) ? [one.service] : [])));
  const ported = asked ? members.filter((one) => asked.has(one.service)) : members;
  for (const group of grouped(ported, (one) => `${one.service}|${facing(one)}`)) {
    const first = group[0];
    if (first) for (const [id, stop] of spreadPorts(group, facing(first))) ports.set(id, stop);
  }
  const networks = [...new Set(members.map((one) => one.network))].sort();
  const found = new Map<string, Route>();
  const tapped = only ? members.filter((one) => only.has(one.network)) : members;
  for (const group of grouped(tapped, (one) => `${one.network}|${facing(one)}`)) {
    const first = group[0];
    if (!first) continue;
    const side = opposite[facing(first)];
    const { bar } = first;
    const lane = networks.indexOf(first.network) % 5;
    const vias = group.map((one) => {
      const port = ports.get(one.id) as Stop;
      return upright(side) ? passage(port, one, cards, lane) : clamp(port.y, bar.y, bar.y + bar.h);
    });
    const [low, high] = upright(side) ? [bar.x, bar.x + bar.w] : [bar.y, bar.y + bar.h];
    const margin = Math.min(BAR_END, (high - low) / 2);
    const along = spread(
      vias.map((via) => clamp(via, low + margin, high - margin)),
      low + margin,
      high - margin,
      Math.max(...group.map((one) => one.gap ?? TAP_GAP)),
    );
    const sorted = [...along].sort((a, b) => a - b);
    group.forEach((one, index) => {
      const port = ports.get(one.id) as Stop;
      const at = along[index] ?? low;
      const tap = onSide(bar, side, at);
      const next = sorted.find((value) => value > at + 0.5) ?? high + 200;
      found.set(one.id, { port, tap, points: points(port, tap, vias[index] ?? at), room: next - at });
    });
  }
  return found;
}

function grouped<T>(items: T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** An SVG path through points, its corners rounded by up to `radius`. */
export function roundedPath(points: Point[], radius = 10): string {
  const [first, ...others] = points;
  if (!first) return "";
  const parts = [`M${first.x},${first.y}`];
  others.forEach((point, index) => {
    const before = points[index] as Point;
    const after = others[index + 1];
    if (!after) {
      parts.push(`L${point.x},${point.y}`);
      return;
    }
    const into = Math.hypot(point.x - before.x, point.y - before.y);
    const out = Math.hypot(after.x - point.x, after.y - point.y);
    const r = Math.min(radius, into / 2, out / 2);
    if (r < 0.5) {
      parts.push(`L${point.x},${point.y}`);
      return;
    }
    const a = {
      x: point.x - ((point.x - before.x) / into) * r,
      y: point.y - ((point.y - before.y) / into) * r,
    };
    const b = { x: point.x + ((after.x - point.x) / out) * r, y: point.y + ((after.y - point.y) / out) * r };
    parts.push(`L${a.x},${a.y}Q${point.x},${point.y} ${b.x},${b.y}`);
  });
  return parts.join("");
}
