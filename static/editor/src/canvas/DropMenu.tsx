// Where a wire was dropped on nothing, or begun from the keyboard: what can be made there, and what there is to connect to.
import { IconBox, IconDatabase, IconNetwork } from "@tabler/icons-react";
import { networkAround } from "../model/additions";
import { parseId } from "../model/ids";
import { editor } from "../model/store";
import { connectionOf, networkWord } from "../model/wiring";
import { type Command, Menu } from "./Menu";
import { canvas, type Popup } from "./state";
import { complete } from "./wire";

const LISTED = 12;

export function DropMenu({ popup }: { popup: Extract<Popup, { kind: "drop" }> }) {
  const { wireFrom, at, screen } = popup;
  const end = parseId(wireFrom);
  const { stack } = editor.get();
  if (!stack || !end) return null;
  const make: Command[] = [];
  if (end.kind === "service")
    make.push({
      label: "Create a network and connect",
      icon: <IconNetwork size={16} />,
      act: () => networkAround([end.name], at),
    });
  if (end.kind !== "volume")
    make.push({
      label: end.kind === "network" ? `New service on ${networkWord(end.key)}…` : "New service beside it…",
      icon: <IconBox size={16} />,
      act: () => canvas.set({ popup: { kind: "quick", at, screen, wireFrom } }),
    });
  const targets = Object.keys(canvas.get().boxes)
    .filter((id) => id !== wireFrom && connectionOf(stack.graph, wireFrom, id).kind !== "refused")
    .slice(0, LISTED)
    .map((id): Command => {
      const target = parseId(id);
      const words =
        target?.kind === "network" ? networkWord(target.key) : target?.kind === "service" ? target.name : id;
      const attach = target?.kind === "network" || end.kind === "network";
      const volume = target?.kind === "volume" ? target.key : end.kind === "volume" ? end.key : "";
      if (volume)
        return {
          label: target?.kind === "volume" ? `Mount ${volume}…` : `Mount in ${words}…`,
          icon: <IconDatabase size={16} />,
          act: () => complete(wireFrom, id, screen),
        };
      return {
        label: attach ? `Attach to ${words}` : `Link to ${words}…`,
        icon: target?.kind === "network" ? <IconNetwork size={16} /> : <IconBox size={16} />,
        act: () => complete(wireFrom, id, screen),
      };
    });
  const name =
    end.kind === "service"
      ? end.name
      : end.kind === "network"
        ? networkWord(end.key)
        : end.kind === "volume"
          ? end.key
          : "";
  return (
    <Menu screen={screen} label={`Connect ${name}`} title={`Connect ${name}`} groups={[make, targets]} />
  );
}
