// A network's colour as CSS variables: light and dark both, so that the theme picks without rendering anew.
import type { CSSProperties } from "react";
import { NETWORK_STYLES } from "../theme";

const BRIDGE_STYLE = { light: "#64748b", dark: "#94a3b8", dash: "" };
/** docker0, the Host, no network: by their colours -1, -2 and -3. */
const PLACE_STYLES = [
  BRIDGE_STYLE,
  { light: "#57534e", dark: "#b8b0a8", dash: "" },
  { light: "#98a2b1", dark: "#6b7484", dash: "1 5" },
];

export const styleOf = (color: number) =>
  (color < 0 ? PLACE_STYLES[-1 - color] : NETWORK_STYLES[color % NETWORK_STYLES.length]) ?? BRIDGE_STYLE;

export function paint(color: number): CSSProperties {
  const { light, dark } = styleOf(color);
  return { "--net-light": light, "--net-dark": dark } as CSSProperties;
}
