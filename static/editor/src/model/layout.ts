// Tidy: places for the whole drawing, the same for the same design. Each bar with the cards that stand beneath it; bars that
// share services lie above one another, the shared cards between them; groups that share nothing are packed side by side.
// Volumes lie in rows at the foot of the group of the first service that mounts them.

import { lengthOf } from "./boxes";
import {
  BAR_H,
  BELOW_BAR,
  type Box,
  CARD_H,
  CARD_W,
  GAP,
  GRID,
  GROUP_GAP,
  STEP_X,
  STEP_Y,
  VOLUME_H,
  VOLUME_W,
} from "./geometry";
import { barsOf, type Drawing, hostOf } from "./graph";
import { isPlace, networkId, serviceId, volumeId } from "./ids";

interface Group {
  /** Bar keys from top to bottom; none for services that are on no bar. */
  bars: string[];
  /** Service names beneath each bar (index as in `bars`; index 0 for a group without bars). */
  cards: string[][];
  volumes: string[];
}

const ASPECT = 1.6;
const ROW = 5;
const PLACE_W = 400; // docker0 and the Host say what they are
const VOLUME_STEP = VOLUME_W + GRID;

/** Bars that are joined by services, each cluster in an order in which neighbours share most. */
function clusters(drawing: Drawing): string[][] {
  const left = new Set(drawing.bars.keys());
  const shared = (a: string, b: string) => {
    const members = new Set(drawing.bars.get(a)?.members);
    return drawing.bars.get(b)?.members.filter((name) => members.has(name)).length ?? 0;
  };
  const found: string[][] = [];
  while (left.size) {
    const [first] = left;
    if (first === undefined) break;
    const cluster = [first];
    left.delete(first);
    for (;;) {
      const [head, tail] = [cluster[0] ?? first, cluster.at(-1) ?? first];
      let best: { key: string; score: number; atHead: boolean } | null = null;
      for (const key of left) {
        const touching = cluster.reduce((sum, one) => sum + shared(one, key), 0);
        if (!touching) continue;
        const [toTail, toHead] = [shared(tail, key), shared(head, key)];
        const score = Math.max(toTail, toHead) * 1000 + touching;
        if (!best || score > best.score) best = { key, score, atHead: toHead > toTail };
      }
      if (!best) break;
      if (best.atHead) cluster.unshift(best.key);
      else cluster.push(best.key);
      left.delete(best.key);
    }
    found.push(cluster);
  }
  return found;
}

/** The bar a service stands beneath; one that shares another's network stack stands with that one. "" for none. */
function homeOf(name: string, drawing: Drawing, rank: Map<string, number>): string {
  const seen = new Set<string>();
  let service = drawing.services.get(name);
  while (service && hostOf(service) && !seen.has(service.name)) {
    seen.add(service.name);
    service = drawing.services.get(hostOf(service));
  }
  const keys = service ? barsOf(service).filter((key) => rank.has(key)) : [];
  return keys.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))[0] ?? "";
}

/** Cards in the order they are dealt: those on one bar first, shared ones last (next to the bar below), guests by their host. */
function ordered(names: string[], drawing: Drawing, rank: Map<string, number>): string[] {
  const reach = (name: string) => {
    const service = drawing.services.get(name);
    return service ? Math.max(0, ...barsOf(service).map((key) => rank.get(key) ?? 0)) : 0;
  };
  const guests = names.filter((name) => {
    const host = hostOf(drawing.services.get(name) as never);
    return host && names.includes(host);
  });
  const sorted = names
    .filter((name) => !guests.includes(name))
    .map((name, index) => ({ name, index, reach: reach(name) }))
    .sort((a, b) => a.reach - b.reach || a.index - b.index)
    .map((one) => one.name);
  for (const guest of guests) {
    const host = hostOf(drawing.services.get(guest) as never);
    const at = sorted.indexOf(host);
    sorted.splice(at < 0 ? sorted.length : at + 1, 0, guest);
  }
  return sorted;
}

function groupsOf(drawing: Drawing): Group[] {
  const found = clusters(drawing);
  const rank = new Map(found.flat().map((key, index) => [key, index]));
  const homes = new Map<string, string[]>();
  for (const name of drawing.services.keys()) {
    const home = homeOf(name, drawing, rank);
    homes.set(home, [...(homes.get(home) ?? []), name]);
  }
  const groups: Group[] = found.map((bars) => ({
    bars,
    cards: bars.map((key) => ordered(homes.get(key) ?? [], drawing, rank)),
    volumes: [],
  }));
  const loose = homes.get("");
  if (loose) groups.push({ bars: [], cards: [loose], volumes: [] });
  giveVolumes(groups, drawing);
  return groups;
}

/** Each volume to the group of its first user; those that nobody mounts to the last group. */
function giveVolumes(groups: Group[], drawing: Drawing): void {
  const at = new Map(groups.flatMap((group) => group.cards.flat().map((name) => [name, group] as const)));
  for (const { key, users } of drawing.stores.values()) {
    const home = users.map((name) => at.get(name)).find((group) => group) ?? groups.at(-1);
    if (home) home.volumes.push(key);
    else groups.push({ bars: [], cards: [], volumes: [key] });
  }
}

/** Cards side by side: one row while that is short, else as many as make the group's shape most like ASPECT. */
function columnsOf(group: Group): number {
  const most = Math.max(1, ...group.cards.map((cards) => cards.length));
  if (most <= ROW) return most;
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  for (let columns = 2; columns <= most; columns++) {
    const rows = group.cards.reduce((sum, cards) => sum + Math.ceil(cards.length / columns), 0);
    const shape = (columns * STEP_X) / (rows * STEP_Y + group.bars.length * BELOW_BAR);
    const miss = Math.abs(Math.log(shape / ASPECT));
    if (miss < least) [best, least] = [columns, miss];
  }
  return best;
}

/** One group, its upper left corner at 0, 0. A bar reaches 20 px past its cards, so that lines can pass beside them. */
function placeGroup(group: Group, drawing: Drawing): { boxes: Record<string, Box>; w: number; h: number } {
  const columns = columnsOf(group);
  const width = columns * STEP_X;
  const lengths = group.bars.map((key) => {
    const bar = drawing.bars.get(key);
    return bar && isPlace(key) ? Math.max(width, PLACE_W, lengthOf(bar)) : width;
  });
  const whole = Math.max(width, ...lengths);
  const boxes: Record<string, Box> = {};
  let y = 0;
  group.cards.forEach((cards, index) => {
    const key = group.bars[index];
    if (key !== undefined) {
      boxes[networkId(key)] = { x: 0, y, w: lengths[index] ?? width, h: BAR_H };
      y += cards.length ? BELOW_BAR : BELOW_BAR + GAP;
    }
    const rows = Math.ceil(cards.length / columns);
    const inset = GAP / 2;
    cards.forEach((name, at) => {
      const row = Math.floor(at / columns);
      const inRow = row === rows - 1 ? cards.length - row * columns : columns;
      const indent = Math.floor(((columns - inRow) * STEP_X) / 2 / GRID) * GRID;
      const x = inset + indent + (at % columns) * STEP_X;
      boxes[serviceId(name)] = { x, y: y + row * STEP_Y, w: CARD_W, h: CARD_H };
    });
    y += rows * STEP_Y + (rows ? GRID : 0);
  });
  const h = Math.max(BAR_H, Math.ceil((y - (STEP_Y - CARD_H)) / GRID) * GRID);
  return { boxes, w: whole, h: h + placeVolumes(group.volumes, boxes, { top: h, width: whole }) };
}

/** Rows of volumes below `top`, from the left; gives their height. */
function placeVolumes(
  keys: string[],
  boxes: Record<string, Box>,
  { top, width }: { top: number; width: number },
): number {
  if (!keys.length) return 0;
  const columns = Math.max(1, Math.floor((width - GAP / 2 + GRID) / VOLUME_STEP));
  const first = top > BAR_H ? top + GAP : top + GAP + BAR_H;
  keys.forEach((key, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const y = first + row * (VOLUME_H + GRID);
    boxes[volumeId(key)] = { x: GAP / 2 + column * VOLUME_STEP, y, w: VOLUME_W, h: VOLUME_H };
  });
  return first - top + Math.ceil(keys.length / columns) * (VOLUME_H + GRID);
}

/** A rectangle for every node. Groups go on shelves as wide as makes the whole about 1.6 times as wide as high. */
export function tidyBoxes(drawing: Drawing): Record<string, Box> {
  const placed = groupsOf(drawing).map((group) => placeGroup(group, drawing));
  const area = placed.reduce((sum, { w, h }) => sum + (w + GROUP_GAP) * (h + GROUP_GAP), 0);
  const limit = Math.max(Math.sqrt(area * ASPECT), ...placed.map(({ w }) => w), 0);
  const boxes: Record<string, Box> = {};
  let [x, y, shelf] = [0, 0, 0];
  for (const group of placed) {
    if (x > 0 && x + group.w > limit) {
      y += shelf + GROUP_GAP;
      x = shelf = 0;
    }
    for (const [id, box] of Object.entries(group.boxes)) boxes[id] = { ...box, x: box.x + x, y: box.y + y };
    x += group.w + GROUP_GAP;
    shelf = Math.max(shelf, Math.ceil(group.h / GRID) * GRID);
  }
  return boxes;
}
