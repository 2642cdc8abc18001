// The JSON form of the server's edits (topology/core/edit.py, edit_json.py). The server splices them into the Compose text.

export interface Hunk {
  line: number;
  old: string[];
  new: string[];
  before?: string;
  after?: string;
}

export type Path = (string | number)[];

export type Edit =
  | { kind: "add_service"; name: string; keys: Record<string, unknown> }
  | { kind: "remove_service"; name: string }
  | { kind: "rename_service"; name: string; to: string }
  | { kind: "add_network"; name: string; keys: Record<string, unknown> }
  | { kind: "remove_network"; name: string }
  | { kind: "rename_network"; name: string; to: string }
  | { kind: "add_volume"; name: string; keys: Record<string, unknown> }
  | { kind: "remove_volume"; name: string }
  | { kind: "rename_volume"; name: string; to: string }
  | {
      kind: "attach";
      service: string;
      network: string;
      aliases?: string[] | null;
      ipv4?: string | null;
      ipv6?: string | null;
      mac?: string | null;
      keep_default?: boolean;
    }
  | { kind: "detach"; service: string; network: string }
  | { kind: "set_network_mode"; service: string; mode: string | null }
  | { kind: "add_link"; service: string; target: string; alias: string }
  | { kind: "remove_link"; service: string; target: string; alias: string }
  | { kind: "set_environment"; service: string; variable: string; value: string | null }
  | { kind: "set_value"; path: Path; value: unknown }
  | { kind: "remove_value"; path: Path }
  | { kind: "patch_text"; hunks: Hunk[]; file?: string }
  | { kind: "replace_text"; text: string; file?: string }
  | { kind: "remove_file"; file: string }
  | { kind: "rename_file"; file: string; to: string }
  | { kind: "set_overrides"; files: string[] }
  | { kind: "several"; edits: Edit[] };
