// What happened, newest first: to containers and networks, by runs, by edits; of one service or of all.
import { Center, Select, Tooltip } from "@mantine/core";
import {
  IconBox,
  IconHandStop,
  IconPencil,
  IconRocket,
  IconServer,
  IconTopologyBus,
} from "@tabler/icons-react";
import { useState } from "react";
import { useEditor } from "../model/store";
import { agoText, exactTime } from "../ui/format";
import { useNow } from "../ui/useNow";
import { showOnCanvas } from "./show";
import classes from "./TimelinePanel.module.css";

const ICONS: Record<string, typeof IconBox> = {
  container: IconBox,
  network: IconTopologyBus,
  run: IconRocket,
  edit: IconPencil,
  engine: IconServer,
  drift: IconHandStop,
};

/** The text after the service's name, which stands before it as a button. */
export const restOf = (text: string, service: string) =>
  service && text.startsWith(`${service} `) ? text.slice(service.length + 1) : text;

export function TimelinePanel() {
  const timeline = useEditor((state) => state.timeline);
  const [service, setService] = useState<string | null>(null);
  const now = useNow(10_000);
  const services = [...new Set(timeline.map((one) => one.service).filter(Boolean))].sort();
  const shown = service ? timeline.filter((one) => one.service === service) : timeline;
  if (!timeline.length)
    return (
      <Center className={classes.none}>
        Nothing has happened yet. Edits, runs and the engine's events come here.
      </Center>
    );
  return (
    <div className={classes.panel}>
      <div className={classes.filter}>
        <Select
          size="xs"
          w={190}
          clearable
          aria-label="Only of one service"
          placeholder="All services"
          data={services}
          value={service}
          onChange={setService}
        />
      </div>
      <ol className={classes.list}>
        {shown.map((one) => {
          const Icon = ICONS[one.kind] ?? IconBox;
          return (
            <li key={one.id} className={classes.row} data-severity={one.severity}>
              <Icon size={16} stroke={1.8} aria-hidden />
              {one.service ? (
                <button
                  type="button"
                  className={classes.service}
                  onClick={() => showOnCanvas(`service:${one.service}`)}
                >
                  {one.service}
                </button>
              ) : null}
              <span className={classes.text}>{restOf(one.text, one.service)}</span>
              {one.by && <span className={classes.by}>{one.by}</span>}
              <Tooltip label={exactTime(one.at)} position="left">
                <time dateTime={new Date(one.at * 1000).toISOString()}>{agoText(one.at, now)}</time>
              </Tooltip>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
