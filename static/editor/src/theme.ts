// The product's look: Mantine's theme, and the colours and patterns that networks are drawn with.
import { Alert, Button, createTheme, type MantineColorsTuple, Modal } from "@mantine/core";

const indigo: MantineColorsTuple = [
  "#eef2ff",
  "#e0e7ff",
  "#c7d2fe",
  "#a5b4fc",
  "#818cf8",
  "#6366f1",
  "#4f46e5",
  "#4338ca",
  "#3730a3",
  "#312e81",
]; // prettier-ignore

/** Dark surfaces with a touch of blue; 7 is the page, 6 fields and buttons, 4 their lines. */
const dark: MantineColorsTuple = [
  "#eceef3",
  "#c9ced8",
  "#a0a8b8",
  "#6b7485",
  "#3a404c",
  "#2b303a",
  "#1f232b",
  "#16181d",
  "#101216",
  "#0b0c0f",
]; // prettier-ignore

const TONES: Record<string, string> = { red: "bad", yellow: "warn", teal: "good" };

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 6, dark: 5 },
  colors: { indigo, dark },
  fontFamily: "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, SFMono-Regular, Menlo, monospace",
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  components: {
    Alert: Alert.extend({
      styles: { title: { color: "inherit" }, message: { color: "var(--ny-text)" } },
      vars: (_theme, { color }) => {
        const tone = TONES[String(color)] ?? "busy";
        return {
          root: {
            "--alert-radius": undefined,
            "--alert-bg": `var(--ny-${tone}-soft)`,
            "--alert-color": `var(--ny-${tone})`,
            "--alert-bd": undefined,
          },
        };
      },
    }),
    Button: Button.extend({ defaultProps: { fw: 550 } }),
    Modal: Modal.extend({ styles: { title: { fontWeight: 650 } } }),
  },
});

/** A network's colour in light and dark, and the dash pattern that tells it apart without colour. */
export const NETWORK_STYLES = [
  { light: "#4f46e5", dark: "#818cf8", dash: "" },
  { light: "#0d9488", dark: "#2dd4bf", dash: "10 4" },
  { light: "#c2410c", dark: "#fb923c", dash: "2 4" },
  { light: "#be185d", dark: "#f472b6", dash: "10 4 2 4" },
  { light: "#0369a1", dark: "#38bdf8", dash: "6 6" },
  { light: "#4d7c0f", dark: "#a3e635", dash: "14 4 2 4 2 4" },
  { light: "#7e22ce", dark: "#c084fc", dash: "4 2" },
  { light: "#a16207", dark: "#facc15", dash: "1 6" },
] as const;
