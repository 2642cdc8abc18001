// Everything about one service, and every field of it editable.
import { checkName } from "../../model/forms";
import { serviceId } from "../../model/ids";
import { serviceState } from "../../model/live";
import { problemsBesides } from "../../model/problems";
import { editor, select, useEditor, useMay } from "../../model/store";
import { edit } from "../../sync/session";
import { ProblemLines } from "../../ui/ProblemLines";
import { ServiceIcon } from "../../ui/ServiceIcon";
import { StateBadge } from "../../ui/StateBadge";
import type { ServiceView } from "../../wire.gen";
import { BasicsSection } from "./BasicsSection";
import { DependsSection } from "./DependsSection";
import { EnvironmentSection } from "./EnvironmentSection";
import { Head } from "./Head";
import { HealthSection } from "./HealthSection";
import { LinksSection } from "./LinksSection";
import { LiveSection } from "./LiveSection";
import { NetworksSection } from "./NetworksSection";
import { OtherSection } from "./OtherSection";
import { PortsSection } from "./PortsSection";
import { RunSection } from "./RunSection";
import { ServiceActions } from "./ServiceActions";
import { VolumesSection } from "./VolumesSection";

/** The keys whose problems stand at a field of their own. */
const SHOWN =
  "image command networks network_mode links external_links ports environment volumes depends_on restart scale healthcheck".split(
    " ",
  );

export async function renameService(from: string, to: string): Promise<void> {
  const place = editor.get().layout[serviceId(from)];
  const done = await edit(
    { kind: "rename_service", name: from, to },
    { label: `Rename ${from} to ${to}`, places: place && { [serviceId(to)]: place } },
  );
  if (done) select([serviceId(to)]);
}

export interface SectionProps {
  service: ServiceView;
  readOnly: boolean;
}

export function ServiceInspector({ service }: { service: ServiceView }) {
  const { name } = service;
  const status = useEditor((state) => state.status);
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const services = useEditor((state) => state.stack?.graph.services) ?? [];
  const readOnly = !useMay("draw");
  const others = services.map((one) => one.name).filter((one) => one !== name);
  const props = { service, readOnly };
  const besides = problemsBesides(problems, "services", name, SHOWN);
  return (
    <div>
      <Head
        icon={<ServiceIcon image={service.image} size={40} />}
        name={name}
        kind="service"
        badge={<StateBadge state={serviceState(service, status)} />}
        check={(text) => checkName(text, others, "service")}
        onRename={readOnly ? undefined : (to) => renameService(name, to)}
        actions={<ServiceActions name={name} />}
      />
      {besides.length > 0 && (
        <div style={{ padding: "0 14px 14px" }}>
          <ProblemLines problems={besides} />
        </div>
      )}
      <LiveSection service={service} />
      <BasicsSection {...props} />
      <NetworksSection {...props} />
      <LinksSection {...props} />
      <PortsSection {...props} />
      <EnvironmentSection {...props} />
      <VolumesSection {...props} />
      <DependsSection {...props} />
      <RunSection {...props} />
      <HealthSection {...props} />
      <OtherSection service={service} />
    </div>
  );
}
