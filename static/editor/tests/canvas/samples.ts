// Small designs for the canvas' tests, drawn as text: "web --front-- api" is in each test's name.
import { emptyState } from "../../src/model/state";
import type { AttachmentView, Graph, NetworkView, ServiceView, StackView } from "../../src/wire.gen";

export const attachment = (network: string, more: Partial<AttachmentView> = {}): AttachmentView => ({
  network,
  aliases: [],
  implicit: false,
  ipv4: "",
  ipv6: "",
  mac: "",
  ...more,
});

export function service(name: string, networks: string[], more: Partial<ServiceView> = {}): ServiceView {
  return {
    name,
    image: "busybox:stable",
    attachments: networks.map((network) => attachment(network)),
    build: false,
    command: null,
    container_name: "",
    depends_on: [],
    environment: {},
    healthcheck: null,
    keys: { image: "busybox:stable", ...(networks.length ? { networks } : {}) },
    line: 1,
    links: [],
    mode: "networks",
    mounts: [],
    network_mode: "",
    other_keys: [],
    ports: [],
    profiles: [],
    restart: "",
    scale: 1,
    ...more,
  };
}

export const bridged = (name: string, more: Partial<ServiceView> = {}) =>
  service(name, [], { mode: "bridge", network_mode: "bridge", keys: { network_mode: "bridge" }, ...more });

export const onDefault = (name: string) =>
  service(name, [], { attachments: [attachment("default", { implicit: true })] });

export function network(key: string, more: Partial<NetworkView> = {}): NetworkView {
  return {
    key,
    name: `p_${key}`,
    attachable: false,
    driver: "",
    enable_ipv6: false,
    external: false,
    gateways: [],
    implicit: false,
    internal: false,
    keys: {},
    line: 1,
    subnets: [],
    ...more,
  };
}

export const graph = (services: ServiceView[], networks: NetworkView[] = []): Graph => ({
  project: "p",
  services,
  networks,
  volumes: [],
});

export const stack = (drawn: Graph, more: Partial<StackView> = {}): StackView => ({
  applied_version: 0,
  rolls_back: false,
  staged: [],
  engine_id: "e",
  graph: drawn,
  id: "s",
  layout: {},
  layout_version: 0,
  name: "p",
  problems: [],
  rights: ["look", "draw", "deploy", "logs"],
  team_id: "t",
  team_name: "t",
  text: "",
  updated_at: 0,
  updated_by: "",
  file_name: "compose.yaml",
  files: [],
  overrides: [],
  valid: true,
  version: 1,
  ...more,
});

export const state = (drawn: Graph, more: Partial<StackView> = {}) => ({
  ...emptyState,
  stackId: "s",
  stack: stack(drawn, more),
});
