// Where services tap a bar: a dot on its edge and, near enough to read, the address that the service has there.
import { useShallow } from "zustand/react/shallow";
import { memberId, networkId } from "../model/ids";
import { useEditor } from "../model/store";
import { useAddresses } from "./live";
import { paint } from "./paint";
import { useCanvas } from "./state";
import classes from "./Taps.module.css";

const ADDRESS_ROOM = 92;

export function Taps({ network }: { network: string }) {
  const hidden = useEditor((state) => state.hidden.membership);
  const found = useCanvas(
    useShallow((state) => {
      const box = state.boxes[networkId(network)];
      if (!box) return [];
      return (state.drawing.bars.get(network)?.members ?? []).flatMap((service) => {
        const route = state.routes.get(memberId(service, network));
        if (!route) return [];
        const { tap, room } = route;
        const fits = tap.side === "left" || tap.side === "right" ? room > 13 : room > ADDRESS_ROOM;
        return [
          `${service}|${Math.round(tap.x - box.x)}|${Math.round(tap.y - box.y)}|${tap.side}|${fits ? 1 : 0}`,
        ];
      });
    }),
  );
  const color = useCanvas((state) => state.drawing.bars.get(network)?.color ?? 0);
  if (hidden) return null;
  return (
    <span className={`${classes.taps} ny-net`} style={paint(color)}>
      {found.map((text) => {
        const [service = "", left, top, side = "", fits] = text.split("|");
        return (
          <span
            key={service}
            className={classes.tap}
            data-side={side}
            style={{ left: Number(left), top: Number(top) }}
          >
            {fits === "1" && <Address service={service} network={network} />}
          </span>
        );
      })}
    </span>
  );
}

function Address({ service, network }: { service: string; network: string }) {
  const live = useAddresses(service, network);
  const fixed = useEditor(
    (state) =>
      state.stack?.graph.services
        .find((one) => one.name === service)
        ?.attachments.find((one) => one.network === network)?.ipv4 ?? "",
  );
  const [first, ...others] = (live || fixed).split(" ");
  if (!first) return null;
  return (
    <span
      className={classes.address}
      data-live={Boolean(live) || undefined}
      title={live ? live : `${fixed}, once it is applied`}
    >
      {first}
      {others.length > 0 && ` +${others.length}`}
    </span>
  );
}
