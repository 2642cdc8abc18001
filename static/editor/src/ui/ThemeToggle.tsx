// Light or dark.
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { IconButton } from "./IconButton";

export function ThemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "light" ? "dark" : "light";
  return (
    <IconButton label={`Switch to ${other}`} onClick={() => setColorScheme(other)}>
      {scheme === "light" ? <IconMoon size={17} stroke={1.8} /> : <IconSun size={17} stroke={1.8} />}
    </IconButton>
  );
}
