// A network's colour as CSS variables: light and dark both, so that the theme picks without rendering anew.
import type { CSSProperties } from "react";
import { NETWORK_STYLES } from "../theme";

const BRIDGE_STYLE = { light: "#64748b", dark: "#94a3b8", dash: "" };

export const styleOf = (color: number) =>
  color < 0 ? BRIDGE_STYLE : (NETWORK_STYLES[color % NETWORK_STYLES.length] ?? BRIDGE_STYLE);

export function paint(color: number): CSSProperties {
  const { light, dark } = styleOf(color);
  return { "--net-light": light, "--net-dark": dark } as CSSProperties;
}
