// A button that is only an icon: always with a name, which is its tooltip too.
import { ActionIcon, type ActionIconProps, Kbd, Tooltip } from "@mantine/core";
import type { MouseEventHandler, ReactNode, Ref } from "react";
import classes from "./IconButton.module.css";

interface Props extends ActionIconProps {
  label: string;
  keys?: string;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  children: ReactNode;
  pressed?: boolean;
  type?: "button" | "submit";
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, keys, pressed, children, ...rest }: Props) {
  const tip = keys ? (
    <span>
      {label} <Kbd size="xs">{keys}</Kbd>
    </span>
  ) : (
    label
  );
  const isOpen = (rest as { "aria-expanded"?: boolean })["aria-expanded"] === true; // its menu speaks for itself
  return (
    <Tooltip label={tip} openDelay={350} withArrow disabled={isOpen}>
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        color={pressed ? "indigo" : "gray"}
        size={30}
        radius="md"
        className={classes.button}
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
