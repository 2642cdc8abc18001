// What one does with logs: search, filter, pause, times, wrap, clear, copy, download.
import { TextInput } from "@mantine/core";
import {
  IconChevronDown,
  IconChevronUp,
  IconClock,
  IconCopy,
  IconDownload,
  IconFilter,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconTextWrap,
  IconTrash,
} from "@tabler/icons-react";
import { downloadText } from "../code/take";
import type { LogLine } from "../model/logs";
import { editor, notify } from "../model/store";
import { IconButton } from "../ui/IconButton";
import classes from "./LogsPanel.module.css";

interface Props {
  lines: LogLine[];
  follow: boolean;
  setFollow: (on: boolean) => void;
  query: string;
  setQuery: (query: string) => void;
  filter: boolean;
  setFilter: (on: boolean) => void;
  times: boolean;
  setTimes: (on: boolean) => void;
  wrap: boolean;
  setWrap: (on: boolean) => void;
  place: string;
  goTo: (step: number) => void;
  clear: () => void;
}

export const asText = (lines: LogLine[]) =>
  lines.map((one) => `${new Date(one.at * 1000).toISOString()} ${one.container} ${one.text}\n`).join("");

function download(lines: LogLine[]): void {
  downloadText(`${(editor.get().stack?.name ?? "stack").replaceAll("/", "-")}.log`, asText(lines));
}

async function copy(lines: LogLine[]): Promise<void> {
  try {
    await navigator.clipboard.writeText(asText(lines));
    notify({ tone: "good", message: `${lines.length} lines copied.` });
  } catch {
    notify({ message: "The browser did not let it be copied.", fix: "Download the lines instead." });
  }
}

export function LogTools(props: Props) {
  const { lines, follow, filter, times, wrap, query, place, goTo } = props;
  return (
    <div className={classes.buttons}>
      <TextInput
        size="xs"
        className={classes.search}
        placeholder="Search"
        aria-label="Search the logs"
        leftSection={<IconSearch size={13} />}
        rightSection={<span className={classes.place}>{place}</span>}
        rightSectionWidth={54}
        value={query}
        onChange={(event) => props.setQuery(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && goTo(event.shiftKey ? 1 : -1)}
      />
      <IconButton size={26} label="Previous hit" disabled={!query} onClick={() => goTo(-1)}>
        <IconChevronUp size={15} />
      </IconButton>
      <IconButton size={26} label="Next hit" disabled={!query} onClick={() => goTo(1)}>
        <IconChevronDown size={15} />
      </IconButton>
      <IconButton
        size={26}
        label="Only lines that match"
        pressed={filter}
        onClick={() => props.setFilter(!filter)}
      >
        <IconFilter size={15} />
      </IconButton>
      <IconButton size={26} label={follow ? "Pause" : "Follow"} onClick={() => props.setFollow(!follow)}>
        {follow ? <IconPlayerPause size={15} /> : <IconPlayerPlay size={15} />}
      </IconButton>
      <IconButton size={26} label="Times" pressed={times} onClick={() => props.setTimes(!times)}>
        <IconClock size={15} />
      </IconButton>
      <IconButton size={26} label="Wrap long lines" pressed={wrap} onClick={() => props.setWrap(!wrap)}>
        <IconTextWrap size={15} />
      </IconButton>
      <IconButton size={26} label="Clear" onClick={props.clear}>
        <IconTrash size={15} />
      </IconButton>
      <IconButton size={26} label="Copy the lines" disabled={!lines.length} onClick={() => copy(lines)}>
        <IconCopy size={15} />
      </IconButton>
      <IconButton
        size={26}
        label="Download the lines"
        disabled={!lines.length}
        onClick={() => download(lines)}
      >
        <IconDownload size={15} />
      </IconButton>
    </div>
  );
}
