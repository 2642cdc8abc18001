// The sign on a card or a network's bar that somebody changed it outside of Netyard, with what, and what to do about it.
import { Popover } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useState } from "react";
import type { DriftView } from "../wire.gen";
import classes from "./Drift.module.css";
import { DriftSettle } from "./DriftSettle";
import { useDrift } from "./drift";
import { subjectWords } from "./plan";

/** Nothing while nothing differs: what was open is closed when it comes again. */
export function DriftBadge({ subject }: { subject: string }) {
  const found = useDrift(subject);
  return found.length > 0 ? <Sign subject={subject} found={found} /> : null;
}

function Sign({ subject, found }: { subject: string; found: DriftView[] }) {
  const [open, setOpen] = useState(false);
  const [name] = subjectWords(subject);
  const words = found.map((one) => one.words).join("; ");
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      withArrow
      trapFocus
      width={310}
    >
      <Popover.Target>
        <button
          type="button"
          className={`${classes.badge} nodrag nopan`}
          aria-label={`${name} was changed outside of Netyard: ${words}`}
          title={`Changed outside of Netyard: ${words}`}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={(event) => {
            event.stopPropagation();
            setOpen((shown) => !shown);
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          <IconHandStop size={13} stroke={2} />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Changed outside: ${name}`}>
        <b className={classes.title}>Changed outside of Netyard</b>
        <DriftSettle subject={subject} found={found} />
      </Popover.Dropdown>
    </Popover>
  );
}
