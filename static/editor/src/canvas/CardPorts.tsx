// A card's interface ports: one for each network, on the side that faces its bar. A press selects the attachment.
import { useShallow } from "zustand/react/shallow";
import { memberId, networkId } from "../model/ids";
import { choose, useEditor } from "../model/store";
import { networkWord } from "../model/wiring";
import classes from "./CardPorts.module.css";
import { useAddresses } from "./live";
import { paint } from "./paint";
import { useCanvas } from "./state";

interface Place {
  network: string;
  left: number;
  top: number;
  upright: boolean;
  color: number;
}

export function CardPorts({ service }: { service: string }) {
  const hidden = useEditor((state) => state.hidden.membership);
  const found = useCanvas(
    useShallow((state) => {
      const box = state.boxes[`service:${service}`];
      if (!box) return [];
      return state.drawing.wires.flatMap((wire) => {
        if (wire.kind !== "member" || wire.service !== service) return [];
        const port = state.routes.get(wire.id)?.port;
        if (!port) return [];
        const upright = port.side === "top" || port.side === "bottom";
        // one text a port keeps the comparison shallow
        return [
          `${wire.network}|${Math.round(port.x - box.x)}|${Math.round(port.y - box.y)}|${upright ? 1 : 0}|${wire.color}`,
        ];
      });
    }),
  );
  if (hidden) return null;
  return found.map((text) => {
    const [network = "", left, top, upright, color] = text.split("|");
    const place = {
      network,
      left: Number(left),
      top: Number(top),
      upright: upright === "1",
      color: Number(color),
    };
    return <Port key={network} service={service} place={place} />;
  });
}

function Port({ service, place }: { service: string; place: Place }) {
  const { network, left, top, upright, color } = place;
  const id = memberId(service, network);
  const selected = useEditor((state) => state.selection.includes(id));
  const onBar = useEditor((state) => state.selection.includes(networkId(network)));
  const addresses = useAddresses(service, network);
  const words = `${service} on ${networkWord(network)}${addresses ? `, ${addresses}` : ""}`;
  return (
    <button
      type="button"
      className={`${classes.port} ny-net nodrag`}
      data-upright={upright || undefined}
      data-selected={selected || onBar || undefined}
      style={{ ...paint(color), left, top }}
      title={words}
      aria-label={`Attachment: ${words}`}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        choose([id]);
      }}
    />
  );
}
