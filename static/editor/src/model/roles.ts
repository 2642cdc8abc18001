// The roles of a team, from least to most, and what each adds.
import type { Member } from "../wire.gen";

export type RoleName = Member["role"];

export const ROLES: { value: RoleName; label: string; may: string }[] = [
  { value: "viewer", label: "Viewer", may: "looks at stacks and what runs" },
  { value: "editor", label: "Editor", may: "also draws, imports and reads logs" },
  { value: "deployer", label: "Deployer", may: "also applies, stops, starts and takes down" },
  { value: "owner", label: "Owner", may: "also manages people, sharing and deletion" },
];

/** Roles that may make and change stacks. */
export const drawsAs = (role: RoleName) => role !== "viewer";
