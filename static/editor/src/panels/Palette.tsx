// What can be added: networks, templates by kind, and the images that the engine has. Dragged, clicked, or chosen with Enter.
import { ScrollArea, TextInput } from "@mantine/core";
import {
  IconDatabase,
  IconDownload,
  IconFolder,
  IconPlugOff,
  IconSearch,
  IconServer,
  IconServer2,
  IconTopologyBus,
} from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { searchTemplates, type Template, templateOfImage } from "../model/catalog";
import { BRIDGE, HOST, NONE } from "../model/ids";
import { useEditor } from "../model/store";
import { bytesText } from "../ui/format";
import { ServiceIcon } from "../ui/ServiceIcon";
import { addToMiddle, type Dropped } from "./adding";
import classes from "./Palette.module.css";
import { PaletteItem } from "./PaletteItem";
import { useImages } from "./useImages";

const asService = ({ id, name, image, keys }: Template): Dropped => ({
  kind: "service",
  template: { id, name, image, keys },
});

const PLACE_ITEMS: { name: string; hint: string; words: string; icon: ReactNode; what: Dropped }[] = [
  {
    name: "docker0",
    hint: "The default bridge, for links",
    words: "docker0 default bridge network links",
    icon: <IconServer size={19} stroke={1.7} />,
    what: { kind: "place", place: BRIDGE },
  },
  {
    name: "Host",
    hint: "Published ports, the host's network",
    words: "host network published ports machine",
    icon: <IconServer2 size={19} stroke={1.7} />,
    what: { kind: "place", place: HOST },
  },
  {
    name: "No network",
    hint: "To cut services off",
    words: "none no network isolated",
    icon: <IconPlugOff size={19} stroke={1.7} />,
    what: { kind: "place", place: NONE },
  },
];

const STORAGE: typeof PLACE_ITEMS = [
  {
    name: "Volume",
    hint: "Data that outlives containers",
    words: "volume storage data mount",
    icon: <IconDatabase size={19} stroke={1.7} />,
    what: { kind: "volume", source: "" },
  },
  {
    name: "Host folder",
    hint: "A folder of the engine's host",
    words: "bind mount host folder storage path",
    icon: <IconFolder size={19} stroke={1.7} />,
    what: { kind: "bind" },
  },
];

const matches = (query: string, text: string) =>
  query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));

export function Palette({ onAdded }: { onAdded?: () => void }) {
  const [query, setQuery] = useState("");
  const images = useImages();
  const list = useRef<HTMLDivElement>(null);
  const groups = searchTemplates(query);
  const local = images.filter((one) => matches(query, one.tag));
  const localTags = new Set(images.map((one) => one.tag));
  const networks = matches(query, "network user bridge");
  const places = PLACE_ITEMS.filter((one) => matches(query, one.words));
  const volumes = useEditor((state) => state.stack?.graph.volumes) ?? [];
  const storage = [
    ...STORAGE.filter((one) => matches(query, one.words)),
    ...volumes
      .filter((one) => matches(query, `volume ${one.key}`))
      .map((one) => ({
        name: one.key,
        hint: "Of this stack: share it",
        icon: <IconDatabase size={19} stroke={1.7} />,
        what: { kind: "volume" as const, source: one.key },
      })),
  ];
  const add = (what: Dropped) => addToMiddle(what).then(onAdded);
  const nothing = !groups.length && !local.length && !networks && !places.length && !storage.length;

  return (
    <nav className={classes.palette} aria-label="Add to the stack">
      <TextInput
        className={classes.search}
        size="xs"
        placeholder="Search to add"
        aria-label="Search services and images"
        leftSection={<IconSearch size={14} />}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") list.current?.querySelector<HTMLButtonElement>("button")?.click();
        }}
      />
      <ScrollArea className={classes.scroll} scrollbarSize={8} type="hover">
        <div ref={list} className={classes.list}>
          {(networks || places.length > 0) && <h3>Networks and places</h3>}
          {networks && (
            <PaletteItem
              name="Network"
              hint="Members find each other by name"
              icon={<IconTopologyBus size={19} stroke={1.7} />}
              what={{ kind: "network" }}
              onAdd={add}
            />
          )}
          {places.map(({ name, hint, icon, what }) => (
            <PaletteItem key={name} name={name} hint={hint} icon={icon} what={what} onAdd={add} />
          ))}
          {storage.length > 0 && <h3>Storage</h3>}
          {storage.map(({ name, hint, icon, what }) => (
            <PaletteItem key={name} name={name} hint={hint} icon={icon} what={what} onAdd={add} />
          ))}
          {groups.map((group) => (
            <div key={group.title}>
              <h3>{group.title}</h3>
              {group.templates.map((one) => (
                <PaletteItem
                  key={one.id}
                  name={one.name}
                  hint={one.hint}
                  icon={<ServiceIcon image={one.image} size={30} />}
                  mark={localTags.has(one.image) ? "on the engine" : ""}
                  what={asService(one)}
                  onAdd={add}
                />
              ))}
            </div>
          ))}
          {local.length > 0 && <h3>On this engine</h3>}
          {local.map((one) => (
            <PaletteItem
              key={one.tag}
              name={one.tag}
              hint={bytesText(one.size_bytes)}
              icon={<ServiceIcon image={one.tag} size={30} />}
              what={asService(templateOfImage(one.tag))}
              onAdd={add}
            />
          ))}
          {nothing && (
            <>
              <p className={classes.none}>Nothing is called that here.</p>
              <PaletteItem
                name={query.trim()}
                hint="Use it as an image"
                icon={<IconDownload size={19} stroke={1.7} />}
                what={asService(templateOfImage(query.trim()))}
                onAdd={add}
              />
            </>
          )}
        </div>
      </ScrollArea>
    </nav>
  );
}
