// A network's colour and pattern, small.
import { useComputedColorScheme } from "@mantine/core";
import { NETWORK_STYLES } from "../../theme";

export function NetworkSwatch({ color }: { color: number }) {
  const scheme = useComputedColorScheme("light");
  const style = NETWORK_STYLES[color];
  const stroke = style ? style[scheme] : "var(--ny-faint)";
  return (
    <svg width={22} height={8} aria-hidden>
      <line
        x1={2}
        x2={20}
        y1={4}
        y2={4}
        stroke={stroke}
        strokeWidth={4}
        strokeDasharray={style?.dash}
        strokeLinecap="butt"
      />
    </svg>
  );
}
