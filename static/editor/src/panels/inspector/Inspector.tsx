// What is selected, in full: a service, a network, an attachment, a link, several things, or the stack itself.
import { BRIDGE, HOST, isPlace, NONE, parseId } from "../../model/ids";
import { useEditor } from "../../model/store";
import { AttachmentInspector } from "./AttachmentInspector";
import { DependsInspector } from "./DependsInspector";
import { LinkInspector } from "./LinkInspector";
import { ManyInspector } from "./ManyInspector";
import { BridgeInspector, NetworkInspector } from "./NetworkInspector";
import { PlaceInspector } from "./PlaceInspector";
import { ServiceInspector } from "./ServiceInspector";
import { StackOverview } from "./StackOverview";
import { VolumeInspector } from "./VolumeInspector";

export function Inspector() {
  const graph = useEditor((state) => state.stack?.graph);
  const selection = useEditor((state) => state.selection);
  if (!graph) return null;
  if (selection.length > 1) return <ManyInspector ids={selection} />;
  const selected = selection[0] ? parseId(selection[0]) : null;
  if (selected?.kind === "service" || selected?.kind === "member") {
    const name = selected.kind === "service" ? selected.name : selected.service;
    const service = graph.services.find((one) => one.name === name);
    if (service && selected.kind === "service") return <ServiceInspector key={name} service={service} />;
    if (service && selected.kind === "member" && (selected.network === HOST || selected.network === NONE))
      return <PlaceInspector place={selected.network} />;
    if (service && selected.kind === "member")
      return <AttachmentInspector key={selection[0]} service={service} network={selected.network} />;
  }
  if (selected?.kind === "network") {
    const network = graph.networks.find((one) => one.key === selected.key);
    if (network) return <NetworkInspector key={network.key} network={network} />;
    if (selected.key === BRIDGE) return <BridgeInspector />;
    if (isPlace(selected.key)) return <PlaceInspector place={selected.key} />;
  }
  if (selected?.kind === "volume" || selected?.kind === "mount") {
    const key = selected.kind === "volume" ? selected.key : selected.volume;
    const volume = graph.volumes.find((one) => one.key === key);
    if (volume) return <VolumeInspector key={key} volume={volume} />;
  }
  if (selected?.kind === "port") return <PlaceInspector place={HOST} />;
  if (selected?.kind === "link") return <LinkInspector key={selection[0]} {...selected} />;
  if (selected?.kind === "depends") return <DependsInspector key={selection[0]} {...selected} />;
  return <StackOverview />;
}
