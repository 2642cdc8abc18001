// The menu of a card, a bar, a line or the empty canvas.
import {
  IconArrowsMaximize,
  IconBox,
  IconCopy,
  IconDatabase,
  IconFileText,
  IconLayoutGrid,
  IconNetwork,
  IconPencil,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconRotate,
  IconServer2,
  IconTopologyStar,
  IconTrash,
} from "@tabler/icons-react";
import { addNetworkAt, addPlaceAt, addVolumeAt } from "../model/additions";
import { isVertical } from "../model/boxes";
import { duplicateSelected } from "../model/clipboard";
import { putOn, removeSelected } from "../model/gestures";
import { barsOf } from "../model/graph";
import { HOST, isPlace, PLACES, parseId } from "../model/ids";
import { neighbours } from "../model/neighbours";
import { placed } from "../model/placement";
import { editor, may, select } from "../model/store";
import { networkWord } from "../model/wiring";
import { move, requestRun } from "../sync/session";
import { fitAll } from "./camera";
import { tidy } from "./layout";
import { type Command, Menu } from "./Menu";
import { canvas, type Popup } from "./state";

type Shown = Extract<Popup, { kind: "menu" }>;

function selectedServices(): string[] {
  return editor.get().selection.flatMap((id) => {
    const thing = parseId(id);
    return thing?.kind === "service" ? [thing.name] : [];
  });
}

function forCanvas({ at, screen }: Shown): Command[][] {
  const add: Command[] = may("draw")
    ? [
        {
          label: "Add a service…",
          icon: <IconBox size={16} />,
          keys: "/",
          act: () => canvas.set({ popup: { kind: "quick", at, screen, wireFrom: null } }),
        },
        { label: "Add a network", icon: <IconNetwork size={16} />, act: () => addNetworkAt(at) },
        { label: "Add a volume", icon: <IconDatabase size={16} />, act: () => addVolumeAt(at) },
        ...(canvas.get().drawing.bars.has(HOST)
          ? []
          : [
              {
                label: "Show the Host",
                icon: <IconServer2 size={16} />,
                act: () => void addPlaceAt(HOST, at),
              },
            ]),
        { label: "Tidy up", icon: <IconLayoutGrid size={16} />, act: tidy },
      ]
    : [];
  return [
    add,
    [
      {
        label: "Fit everything",
        icon: <IconArrowsMaximize size={16} />,
        keys: "Shift 1",
        act: () => fitAll(),
      },
    ],
  ];
}

function running(names: string[]): Command[] {
  const { status } = editor.get();
  const mine = status?.containers.filter((one) => names.includes(one.service)) ?? [];
  if (!mine.length) return [];
  const runs = mine.some((one) => one.state === "running" || one.state === "restarting");
  const rests = mine.some((one) => one.state !== "running");
  const found: Command[] = [];
  if (may("logs"))
    found.push({
      label: "Show logs",
      icon: <IconFileText size={16} />,
      act: () => editor.set({ bottom: "logs", logServices: names }),
    });
  if (!may("deploy")) return found;
  if (rests)
    found.push({
      label: "Start",
      icon: <IconPlayerPlay size={16} />,
      act: () => void requestRun("start", { services: names }),
    });
  if (runs) {
    found.push(
      {
        label: "Restart",
        icon: <IconRefresh size={16} />,
        act: () => void requestRun("restart", { services: names }),
      },
      {
        label: "Stop",
        icon: <IconPlayerStop size={16} />,
        act: () => void requestRun("stop", { services: names }),
      },
    );
  }
  return found;
}

/** Turn a bar a quarter, or make it small and large again. */
function shapes(id: string): Command[] {
  const place = editor.get().layout[id];
  const box = canvas.get().boxes[id];
  if (!box || !may("draw")) return [];
  const vertical = isVertical(place);
  const long = Math.max(box.w, box.h);
  const turned = vertical
    ? { orientation: "h" as const, w: long, h: null }
    : { orientation: "v" as const, h: long, w: null };
  const collapsed = !place?.collapsed;
  return [
    ...(place?.collapsed
      ? []
      : [
          {
            label: vertical ? "Lay flat" : "Stand upright",
            icon: <IconRotate size={16} />,
            act: () =>
              move({ [id]: placed(place, { x: box.x, y: box.y, ...turned }) }, { label: "Turn network" }),
          },
        ]),
    {
      label: collapsed ? "Collapse" : "Expand",
      icon: <IconArrowsMaximize size={16} />,
      act: () =>
        move(
          { [id]: placed(place, { x: box.x, y: box.y, collapsed }) },
          { label: collapsed ? "Collapse network" : "Expand network" },
        ),
    },
  ];
}

/** Ways to docker0, the Host and no network, without a drag. */
function putCommands(name: string): Command[] {
  const service = editor.get().stack?.graph.services.find((one) => one.name === name);
  const box = canvas.get().boxes[`service:${name}`];
  if (!service || !box) return [];
  return PLACES.filter((key) => !barsOf(service).includes(key)).map((key) => ({
    label: `Put on ${networkWord(key)}`,
    icon: <IconServer2 size={16} />,
    act: () => void putOn(name, key, { x: box.x, y: box.y }),
  }));
}

function forNode(id: string, { screen }: Shown): Command[][] {
  const { selection } = editor.get();
  const several = selection.length > 1;
  const thing = parseId(id);
  const bridge = thing?.kind === "network" && isPlace(thing.key);
  const edit: Command[] = [];
  if (may("draw")) {
    if (!several && !bridge)
      edit.push({
        label: "Rename…",
        icon: <IconPencil size={16} />,
        act: () => canvas.set({ popup: { kind: "rename", screen, id } }),
      });
    if (!bridge && thing?.kind !== "volume")
      edit.push({
        label: "Duplicate",
        icon: <IconCopy size={16} />,
        keys: "Ctrl D",
        act: () => void duplicateSelected(),
      });
    if (!several && thing?.kind === "network") edit.push(...shapes(id));
    if (!several && thing?.kind === "service") edit.push(...putCommands(thing.name));
  }
  edit.push({
    label: "Select neighbours",
    icon: <IconTopologyStar size={16} />,
    act: () => select(neighbours(canvas.get().drawing, selection)),
  });
  return [
    running(selectedServices()),
    edit,
    removal(several ? `Delete ${selection.length} items` : "Delete"),
  ];
}

const removal = (label: string): Command[] =>
  may("draw")
    ? [{ label, icon: <IconTrash size={16} />, keys: "Del", danger: true, act: () => void removeSelected() }]
    : [];

const EDGE_WORDS: Record<string, string> = {
  member: "Detach",
  mount: "Unmount",
  link: "Remove link",
  depends: "Remove start order",
};

function titleOf(id: string): string {
  const thing = parseId(id);
  if (thing?.kind === "service") return thing.name;
  if (thing?.kind === "network") return networkWord(thing.key);
  if (thing?.kind === "volume") return thing.key;
  if (thing?.kind === "mount") return `${thing.volume} in ${thing.service}`;
  if (thing?.kind === "port") return `Ports of ${thing.service}`;
  if (thing?.kind === "member") return `${thing.service} on ${networkWord(thing.network)}`;
  if (thing?.kind === "link") return `${thing.service} → ${thing.target} as ${thing.alias}`;
  return thing?.kind === "depends" ? `${thing.service} after ${thing.target}` : "";
}

export function ContextMenu({ popup }: { popup: Shown }) {
  const { id, screen } = popup;
  if (!id) return <Menu screen={screen} label="Canvas" groups={forCanvas(popup)} />;
  const thing = parseId(id);
  const node = thing?.kind === "service" || thing?.kind === "network" || thing?.kind === "volume";
  const { selection } = editor.get();
  const title = selection.length > 1 ? `${selection.length} selected` : titleOf(id);
  const open: Command = {
    label: "Show in inspector",
    icon: <IconFileText size={16} />,
    act: () => editor.set({ side: "inspector" }),
  };
  const groups = node ? forNode(id, popup) : [[open], removal(EDGE_WORDS[thing?.kind ?? ""] ?? "Delete")];
  return <Menu screen={screen} label={title} title={title} groups={groups} />;
}
