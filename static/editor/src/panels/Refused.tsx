// The stack cannot be shown: it is not there for this person, or no longer.
import { Button, Center } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link } from "wouter";
import classes from "./Refused.module.css";

const WORDS: Record<number, [string, string]> = {
  4401: ["You are not logged in", "Log in to see this stack."],
  4403: ["Your access was taken away", "Ask an owner of the team to let you in again."],
  4404: ["This stack does not exist for you", "It was deleted, or it belongs to a team that you are not in."],
};

export function Refused({ code, guest }: { code: number; guest: boolean }) {
  const [title, text] = guest
    ? [
        "This link does not work",
        "It was revoked, or the stack is gone. Ask whoever gave it to you for a new one.",
      ]
    : (WORDS[code] ?? WORDS[4404] ?? ["", ""]);
  useEffect(() => {
    document.title = `${title} · Netyard`;
  }, [title]);
  return (
    <Center className={classes.page}>
      <div className={classes.card} role="alert">
        <IconLock size={30} stroke={1.5} aria-hidden />
        <h1>{title}</h1>
        <p>{text}</p>
        {!guest && code === 4401 && (
          <Button component="a" href={`/login/?next=${encodeURIComponent(window.location.pathname)}`}>
            Log in
          </Button>
        )}
        {!guest && code !== 4401 && (
          <Button component={Link} href="/">
            To your stacks
          </Button>
        )}
      </div>
    </Center>
  );
}
