// The editor's top bar: where one is, whether it is saved, undo, what is wrong, who else looks, and Plan and Apply.
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowBackUp, IconArrowForwardUp, IconChevronLeft, IconWand } from "@tabler/icons-react";
import { Link } from "wouter";
import { tidy } from "../canvas/layout";
import { stackState } from "../model/live";
import { useEditor, useMay } from "../model/store";
import { redo, undo } from "../sync/session";
import { IconButton } from "../ui/IconButton";
import { Logo } from "../ui/Logo";
import { StateBadge } from "../ui/StateBadge";
import { ThemeToggle } from "../ui/ThemeToggle";
import { DriftButton } from "./DriftButton";
import { MoreMenu } from "./MoreMenu";
import { ProblemsButton } from "./ProblemsButton";
import { RunButtons } from "./RunButtons";
import { SaveState } from "./SaveState";
import { ShareMenu } from "./ShareMenu";
import { StackName } from "./StackName";
import classes from "./TopBar.module.css";
import { Viewers } from "./Viewers";

function History() {
  const undoLabel = useEditor((state) => state.undo.at(-1)?.label);
  const redoLabel = useEditor((state) => state.redo.at(-1)?.label);
  return (
    <>
      <IconButton
        label={undoLabel ? `Undo: ${undoLabel}` : "Nothing to undo"}
        keys="Ctrl Z"
        disabled={!undoLabel}
        onClick={undo}
      >
        <IconArrowBackUp size={18} stroke={1.8} />
      </IconButton>
      <IconButton
        label={redoLabel ? `Redo: ${redoLabel}` : "Nothing to redo"}
        keys="Ctrl Shift Z"
        disabled={!redoLabel}
        onClick={redo}
      >
        <IconArrowForwardUp size={18} stroke={1.8} />
      </IconButton>
      <IconButton label="Tidy the layout" onClick={() => tidy()}>
        <IconWand size={17} stroke={1.8} />
      </IconButton>
    </>
  );
}

export function TopBar() {
  const narrow = useMediaQuery("(max-width: 860px)");
  const tight = useMediaQuery("(max-width: 1180px)");
  const stack = useEditor((state) => state.preview?.now ?? state.stack);
  const status = useEditor((state) => state.status);
  const engine = useEditor((state) => state.engine);
  const guest = useEditor((state) => state.guest);
  const draws = useMay("draw");
  const manages = useMay("manage");
  return (
    <header className={classes.bar}>
      {!guest && (
        <Link href="/" className={classes.back} aria-label="Back to the stacks" title="Stacks">
          <IconChevronLeft size={18} />
        </Link>
      )}
      {guest && (
        <span className={classes.brand} title="Netyard">
          <Logo />
        </span>
      )}
      <StackName />
      {stack && !narrow && <StateBadge state={stackState(stack, status, engine)} />}
      {!tight && <SaveState />}
      <span className={classes.space} />
      {draws && !narrow && (
        <span className={classes.group}>
          <History />
        </span>
      )}
      <DriftButton />
      <ProblemsButton />
      {!narrow && <Viewers />}
      {!narrow && (
        <span className={classes.group}>
          <ThemeToggle />
          {manages && <ShareMenu />}
          <MoreMenu narrow={false} />
        </span>
      )}
      <RunButtons narrow={narrow ?? false} />
      {narrow && <MoreMenu narrow />}
    </header>
  );
}
