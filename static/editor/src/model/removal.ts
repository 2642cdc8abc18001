// One edit that removes whatever is selected: services, networks, attachments, links, dependencies. Pure.
import type { Graph } from "../wire.gen";
import type { Edit } from "./edit";
import { asList, readMount } from "./forms";
import { isPlace, MODES, parseId } from "./ids";
import { detachEdit, networkWord } from "./wiring";

export interface Removal {
  edits: Edit[];
  /** What was removed, in words for the undo menu: "Remove web and front". */
  label: string;
  /** Why parts of the selection stay. */
  kept: string[];
}

function dependsEdit(graph: Graph, service: string, target: string): Edit | string {
  const view = graph.services.find((one) => one.name === service);
  const written = view?.keys.depends_on;
  if (view?.depends_on.some((one) => one.service === target && one.implied))
    return `${service} starts after ${target} because of its link or network mode; remove that instead.`;
  const index = Array.isArray(written) ? written.indexOf(target) : -1;
  if (Array.isArray(written) && index < 0)
    return `The line that makes ${service} wait for ${target} was not found.`;
  return { kind: "remove_value", path: ["services", service, "depends_on", index < 0 ? target : index] };
}

/** One edit for each line of a service that mounts the volume. */
function mountEdits(graph: Graph, service: string, volume: string): Edit[] {
  const written = asList(graph.services.find((one) => one.name === service)?.keys.volumes);
  return written.flatMap((one, index): Edit[] => {
    const row = readMount(one);
    const mounts = row.kind === "volume" && row.source === volume;
    return mounts ? [{ kind: "remove_value", path: ["services", service, "volumes", index] }] : [];
  });
}

/** What removing a selection does. An attachment or link of a service that goes anyway is not named twice. */
export function removalOf(graph: Graph, selection: string[]): Removal {
  const things = selection.map(parseId).filter((one) => one !== null);
  const services = new Set(things.flatMap((one) => (one.kind === "service" ? [one.name] : [])));
  const networks = new Set(things.flatMap((one) => (one.kind === "network" ? [one.key] : [])));
  const volumes = new Set(things.flatMap((one) => (one.kind === "volume" ? [one.key] : [])));
  const edits: Edit[] = [];
  const kept: string[] = [];
  const names: string[] = [];
  for (const thing of things) {
    if (thing.kind === "member") {
      if (services.has(thing.service) || networks.has(thing.network)) continue;
      const one = graph.services.find((each) => each.name === thing.service);
      if (one?.attachments.some((each) => each.network === thing.network && each.implicit)) {
        kept.push(
          `${thing.service} is on default because it is on no other network; attach it to one instead.`,
        );
        continue;
      }
      edits.push(detachEdit(thing.service, thing.network));
      names.push(`${thing.service} from ${networkWord(thing.network)}`);
    } else if (thing.kind === "link" && !services.has(thing.service) && !services.has(thing.target)) {
      const { service, target, alias } = thing;
      edits.push({ kind: "remove_link", service, target, alias });
      names.push(`link ${service} → ${alias}`);
    } else if (thing.kind === "depends" && !services.has(thing.service) && !services.has(thing.target)) {
      const edit = dependsEdit(graph, thing.service, thing.target);
      if (typeof edit === "string") kept.push(edit);
      else {
        edits.push(edit);
        names.push(`${thing.service} → ${thing.target}`);
      }
    } else if (thing.kind === "mount" && !services.has(thing.service) && !volumes.has(thing.volume)) {
      const found = mountEdits(graph, thing.service, thing.volume);
      if (!found.length) kept.push(`The line that mounts ${thing.volume} in ${thing.service} was not found.`);
      edits.push(...found);
      names.push(`${thing.volume} from ${thing.service}`);
    } else if (thing.kind === "port") kept.push("Published ports are taken away in the service's inspector.");
  }
  // several items of one list: the later index first, so that the earlier stays true
  edits.sort((a, b) => indexOf(b) - indexOf(a));
  for (const name of services)
    if (graph.services.some((one) => one.name === name)) {
      edits.push({ kind: "remove_service", name });
      names.push(name);
    }
  for (const key of networks) {
    if (isPlace(key)) {
      const there = graph.services.filter((one) => one.mode === MODES[key] && !services.has(one.name));
      for (const { name } of there) edits.push({ kind: "set_network_mode", service: name, mode: null });
      names.push(networkWord(key));
    } else if (graph.networks.some((one) => one.key === key && one.implicit))
      kept.push("default is there because a service is on no other network.");
    else {
      edits.push({ kind: "remove_network", name: key });
      names.push(key);
    }
  }
  for (const key of volumes) {
    edits.push({ kind: "remove_volume", name: key });
    names.push(key);
  }
  return { edits, label: `Remove ${listed(names)}`, kept: [...new Set(kept)] };
}

function indexOf(edit: Edit): number {
  const last = edit.kind === "remove_value" ? edit.path.at(-1) : undefined;
  return typeof last === "number" ? last : -1;
}

/** "a", "a and b", "a, b and 3 more" */
export function listed(names: string[]): string {
  if (names.length <= 2) return names.join(" and ");
  if (names.length === 3) return `${names[0]}, ${names[1]} and ${names[2]}`;
  return `${names[0]}, ${names[1]} and ${names.length - 2} more`;
}
