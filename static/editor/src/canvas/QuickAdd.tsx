// Type-ahead at the pointer: type a few letters, Enter adds. Also how a wire dropped on empty canvas makes its other end.
import { IconBox, IconDatabase, IconNetwork, IconRouter } from "@tabler/icons-react";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { addNetworkAt, addPlaceAt, addServiceAt, addVolumeAt, networkAround } from "../model/additions";
import { searchTemplates, type Template, templateOfImage } from "../model/catalog";
import { barsOf } from "../model/graph";
import { parseId } from "../model/ids";
import { editor } from "../model/store";
import { networkWord } from "../model/wiring";
import { Anchored } from "./Anchored";
import { focusNode } from "./camera";
import classes from "./QuickAdd.module.css";
import { closePopup, type Popup } from "./state";

interface Choice {
  id: string;
  title: string;
  hint: string;
  kind: "service" | "network" | "place" | "volume";
  template?: Template;
}

const SHOWN = 9;
const IMAGE = /^[a-z0-9][a-z0-9._/:@-]*$/i;

/** What the words typed offer: networks by name, templates, and any image. */
export function choicesFor(query: string, servicesOnly: boolean): Choice[] {
  const text = query.trim();
  const low = text.toLowerCase();
  const found: Choice[] = searchTemplates(text).flatMap((group) =>
    group.templates.map((template) => ({
      id: template.id,
      title: template.name,
      hint: template.hint,
      kind: "service" as const,
      template,
    })),
  );
  if (!servicesOnly) {
    if (!low || "network".includes(low) || low.startsWith("network"))
      found.push({ id: "@network", title: "Network", hint: "A bar to attach services to", kind: "network" });
    if (!low || "docker0 default bridge".includes(low))
      found.push({
        id: "@bridge",
        title: "docker0",
        hint: "The default bridge: names by links only",
        kind: "place",
      });
    if (!low || "host published ports".includes(low))
      found.push({ id: "@host", title: "Host", hint: "Published ports, the host's network", kind: "place" });
    if (!low || "volume".includes(low) || low.startsWith("volume"))
      found.push({ id: "@volume", title: "Volume", hint: "Data that outlives containers", kind: "volume" });
  }
  if (text && IMAGE.test(text) && !found.some((one) => one.template?.image === text))
    found.push({
      id: "@image",
      title: text,
      hint: "Use this image",
      kind: "service",
      template: templateOfImage(text),
    });
  const rank = (one: Choice) => (low && one.title.toLowerCase().startsWith(low) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN);
}

/** The network that a service made at a wire's end joins. */
function networkOf(wireFrom: string | null): string | undefined {
  const end = wireFrom ? parseId(wireFrom) : null;
  if (end?.kind === "network") return end.key;
  if (end?.kind !== "service") return undefined;
  const service = editor.get().stack?.graph.services.find((one) => one.name === end.name);
  const implicit = service?.attachments[0]?.implicit;
  return service && !implicit ? barsOf(service)[0] : undefined;
}

function make({ id, kind, template }: Choice, { at, wireFrom }: Extract<Popup, { kind: "quick" }>) {
  if (kind === "place") return addPlaceAt(id, at);
  if (kind === "volume") return addVolumeAt(at);
  if (kind === "service") return template ? addServiceAt(template, at, networkOf(wireFrom)) : null;
  const end = wireFrom ? parseId(wireFrom) : null;
  return end?.kind === "service" ? networkAround([end.name], at) : addNetworkAt(at);
}

/** Make what was chosen; the focus goes to it, so that the keyboard can go on from there. */
async function add(choice: Choice, popup: Extract<Popup, { kind: "quick" }>): Promise<void> {
  closePopup();
  const id = await make(choice, popup);
  if (typeof id === "string") focusNode(id);
}

export function QuickAdd({ popup }: { popup: Extract<Popup, { kind: "quick" }> }) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const choices = useMemo(() => choicesFor(query, popup.wireFrom !== null), [query, popup.wireFrom]);
  const onto = networkOf(popup.wireFrom);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      setActive((active + step + choices.length) % Math.max(1, choices.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const choice = choices[active];
      if (choice) add(choice, popup);
    }
  };
  return (
    <Anchored screen={popup.screen} label="Quick add" width={320}>
      <input
        className={classes.input}
        data-autofocus
        placeholder={onto ? `Add a service on ${networkWord(onto)}…` : "Add a service, network or image…"}
        aria-label="What to add"
        role="combobox"
        aria-expanded="true"
        aria-controls="quick-add-list"
        aria-activedescendant={choices[active] ? `quick-${choices[active].id}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        className={classes.list}
        id="quick-add-list"
        role="listbox"
        aria-label="What can be added"
        ref={list}
      >
        {choices.map((choice, index) => (
          <div
            key={choice.id}
            id={`quick-${choice.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={classes.choice}
            onPointerEnter={() => setActive(index)}
            onClick={() => add(choice, popup)}
            onKeyDown={onKeyDown}
          >
            <span className={classes.icon}>
              {choice.kind === "service" ? (
                <IconBox size={16} />
              ) : choice.kind === "volume" ? (
                <IconDatabase size={16} />
              ) : choice.kind === "network" ? (
                <IconNetwork size={16} />
              ) : (
                <IconRouter size={16} />
              )}
            </span>
            <span className={classes.title}>{choice.title}</span>
            <span className={classes.hint}>{choice.hint}</span>
          </div>
        ))}
        {!choices.length && (
          <div className={classes.none}>Nothing fits. Type an image such as nginx:alpine.</div>
        )}
      </div>
    </Anchored>
  );
}
