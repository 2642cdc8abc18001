// A network's colour and pattern to choose from: a matter of the layout, not of the design.
import { useComputedColorScheme } from "@mantine/core";
import { colorsOf } from "../../model/graph";
import { networkId } from "../../model/ids";
import { useEditor } from "../../model/store";
import { move } from "../../sync/session";
import { NETWORK_STYLES } from "../../theme";
import classes from "./ColorSwatches.module.css";

const NAMES = ["Indigo", "Teal", "Orange", "Pink", "Blue", "Green", "Purple", "Amber"];

export function ColorSwatches({ network, readOnly }: { network: string; readOnly: boolean }) {
  const layout = useEditor((state) => state.layout);
  const networks = useEditor((state) => state.stack?.graph.networks) ?? [];
  const scheme = useComputedColorScheme("light");
  const place = layout[networkId(network)];
  const now = colorsOf(
    networks.map((one) => one.key),
    layout,
  ).get(network);
  return (
    <fieldset className={classes.swatches} disabled={readOnly || !place}>
      <legend>Colour and pattern</legend>
      {NETWORK_STYLES.map((style, index) => (
        <button
          key={style.light}
          type="button"
          title={NAMES[index]}
          aria-label={NAMES[index]}
          aria-pressed={now === index}
          onClick={() =>
            place && move({ [networkId(network)]: { ...place, color: index } }, { label: "Colour" })
          }
        >
          <svg width={26} height={10} aria-hidden>
            <line
              x1={1}
              x2={25}
              y1={5}
              y2={5}
              stroke={style[scheme]}
              strokeWidth={5}
              strokeDasharray={style.dash}
            />
          </svg>
        </button>
      ))}
    </fieldset>
  );
}
