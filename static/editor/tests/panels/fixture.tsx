// A stack in the store, and a page to render panels in.
import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { emptyState } from "../../src/model/state";
import { editor } from "../../src/model/store";
import { theme } from "../../src/theme";
import type { PlanView, RunView, ServiceView, StackView } from "../../src/wire.gen";

export const service = (over: Partial<ServiceView>): ServiceView => ({
  name: "web",
  image: "nginx:alpine",
  build: false,
  command: null,
  environment: {},
  ports: [],
  mounts: [],
  mode: "networks",
  network_mode: "",
  attachments: [],
  links: [],
  depends_on: [],
  restart: "",
  healthcheck: null,
  scale: 1,
  container_name: "",
  profiles: [],
  keys: {},
  other_keys: [],
  line: 2,
  ...over,
});

export const stack = (over: Partial<StackView> = {}): StackView => ({
  id: "s1",
  rolls_back: false,
  name: "shop",
  team_id: "t1",
  team_name: "Acme",
  engine_id: "e1",
  version: 3,
  applied_version: 1,
  staged: [],
  layout_version: 1,
  text: "services:\n  web:\n    image: nginx:alpine\n",
  file_name: "compose.yaml",
  files: [],
  overrides: [],
  valid: true,
  graph: { project: "shop", services: [service({})], networks: [], volumes: [] },
  layout: {},
  problems: [],
  rights: ["look", "logs", "draw", "deploy", "manage"],
  updated_at: 0,
  updated_by: "",
  ...over,
});

export const plan = (over: Partial<PlanView> = {}): PlanView => ({
  digest: "d1",
  version: 3,
  operations: [],
  notes: [],
  problems: [],
  observed_at: 1,
  engine_error: "",
  downtimes: [],
  cuts: [],
  ...over,
});

export const run = (over: Partial<RunView> = {}): RunView => ({
  id: "r1",
  output: "",
  rollback_of: "",
  rollback: false,
  automatic: false,
  stack_id: "s1",
  kind: "apply",
  state: "running",
  by: "ada",
  version: 3,
  requested_at: 1,
  started_at: 1,
  ended_at: 0,
  error: "",
  fix: "",
  steps: [],
  ...over,
});

export function open(over: Partial<StackView> = {}): void {
  editor.set({ ...emptyState, stackId: "s1", stack: stack(over), socket: "open" });
}

export const show = (node: ReactNode) =>
  render(
    <MantineProvider theme={theme} env="test">
      {node}
    </MantineProvider>,
  );
