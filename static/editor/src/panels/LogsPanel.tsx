// Logs of one or several services, following live; only the lines in view are in the page.
import { Button, Center, Checkbox, Menu } from "@mantine/core";
import { IconArrowDown, IconFileText } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { findLines } from "../model/logs";
import { editor, useEditor } from "../model/store";
import { plural } from "../ui/format";
import { LogLines } from "./LogLines";
import classes from "./LogsPanel.module.css";
import { LogTools } from "./LogTools";
import { useLogs } from "./useLogs";

const HUES = [245, 170, 28, 330, 205, 90, 280, 48];

function Services({ hueOf }: { hueOf: (service: string) => number }) {
  const all = useEditor((state) => state.stack?.graph.services) ?? [];
  const followed = useEditor((state) => state.logServices);
  const set = (names: string[]) => editor.set({ logServices: names });
  const toggle = (name: string) =>
    set(followed.includes(name) ? followed.filter((one) => one !== name) : [...followed, name]);
  return (
    <div className={classes.services}>
      {followed.map((name) => (
        <button
          key={name}
          type="button"
          className={classes.chip}
          style={{ "--hue": hueOf(name) } as React.CSSProperties}
          title={`Stop following ${name}`}
          onClick={() => toggle(name)}
        >
          {name} ×
        </button>
      ))}
      <Menu closeOnItemClick={false} shadow="md" position="top-start">
        <Menu.Target>
          <Button size="compact-xs" variant="default">
            {followed.length ? "Services" : "Choose services"}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={300} style={{ overflowY: "auto" }}>
          <Menu.Item onClick={() => set(followed.length === all.length ? [] : all.map((one) => one.name))}>
            {followed.length === all.length ? "None" : "All"}
          </Menu.Item>
          <Menu.Divider />
          {all.map((one) => (
            <Menu.Item key={one.name} onClick={() => toggle(one.name)}>
              <Checkbox
                size="xs"
                readOnly
                tabIndex={-1}
                checked={followed.includes(one.name)}
                label={one.name}
              />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** Opened with nothing chosen, the panel follows the selected services, or all. */
function useFollowSome(): void {
  useEffect(() => {
    const { logServices, selection, stack } = editor.get();
    if (logServices.length) return;
    const all = stack?.graph.services.map((one) => one.name) ?? [];
    const selected = all.filter((name) => selection.includes(`service:${name}`));
    editor.set({ logServices: selected.length ? selected : all });
  }, []);
}

export default function LogsPanel() {
  const all = useEditor((state) => state.stack?.graph.services) ?? [];
  const followed = useEditor((state) => state.logServices);
  const [follow, setFollow] = useState(true);
  const [query, setQuery] = useState("");
  const [filter, setFilter] = useState(false);
  const [times, setTimes] = useState(true);
  const [wrap, setWrap] = useState(false);
  const [hit, setHit] = useState(-1);
  const { lines, waiting, error, ended, clear } = useLogs(followed, !follow);

  const names = all.map((one) => one.name);
  useFollowSome();
  const hueOf = (service: string) => HUES[Math.max(0, names.indexOf(service)) % HUES.length] as number;
  const shown = useMemo(
    () => (filter && query ? findLines(lines, query).flatMap((index) => lines[index] ?? []) : lines),
    [lines, filter, query],
  );
  const hits = useMemo(() => findLines(shown, query), [shown, query]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins at its end
  useEffect(() => setHit(-1), [query, filter]);

  const goTo = (step: number) => {
    if (!hits.length) return;
    setFollow(false);
    setHit((now) => (now < 0 ? (step > 0 ? 0 : hits.length - 1) : (now + step + hits.length) % hits.length));
  };
  const several = new Set(shown.map((one) => one.container)).size > 1 || followed.length > 1;

  return (
    <div className={classes.panel}>
      <div className={classes.tools}>
        <Services hueOf={hueOf} />
        <LogTools
          {...{
            follow,
            setFollow,
            query,
            setQuery,
            filter,
            setFilter,
            times,
            setTimes,
            wrap,
            setWrap,
            goTo,
            clear,
          }}
          lines={shown}
          place={hits.length ? `${hit + 1 || "–"}/${hits.length}` : query ? "0" : ""}
        />
      </div>
      {error && (
        <div className={classes.error} role="alert">
          {error}
        </div>
      )}
      {followed.length === 0 ? (
        <Center className={classes.none}>
          <IconFileText size={20} aria-hidden /> Choose services to follow, or press the logs button of a
          service.
        </Center>
      ) : (
        <LogLines
          lines={shown}
          query={query}
          current={hits[hit] ?? -1}
          {...{ times, wrap, several, follow, hueOf }}
          onLeaveEnd={() => setFollow(false)}
          onReachEnd={() => setFollow(true)}
        />
      )}
      {followed.length > 0 && !lines.length && !error && (
        <div className={classes.quiet}>{ended ? "There are no more lines." : "No line yet."}</div>
      )}
      {!follow && (
        <button type="button" className={classes.resume} onClick={() => setFollow(true)}>
          <IconArrowDown size={14} aria-hidden />
          {waiting ? `${plural(waiting, "new line")}` : "Follow"}
        </button>
      )}
    </div>
  );
}
