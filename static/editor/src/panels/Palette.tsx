// What can be added: networks, templates by kind, and the images that the engine has. Dragged, clicked, or chosen with Enter.
import { ScrollArea, TextInput } from "@mantine/core";
import { IconDownload, IconSearch, IconServer, IconTopologyBus } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { searchTemplates, type Template, templateOfImage } from "../model/catalog";
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
  const bridge = matches(query, "docker0 default bridge network links");
  const add = (what: Dropped) => addToMiddle(what).then(onAdded);
  const nothing = !groups.length && !local.length && !networks && !bridge;

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
          {(networks || bridge) && <h3>Networks</h3>}
          {networks && (
            <PaletteItem
              name="Network"
              hint="Members find each other by name"
              icon={<IconTopologyBus size={19} stroke={1.7} />}
              what={{ kind: "network" }}
              onAdd={add}
            />
          )}
          {bridge && (
            <PaletteItem
              name="docker0"
              hint="The default bridge, for links"
              icon={<IconServer size={19} stroke={1.7} />}
              what={{ kind: "bridge" }}
              onAdd={add}
            />
          )}
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
