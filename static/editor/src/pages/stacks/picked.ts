// Files that a person chose or dropped: one, several, a folder or a .zip. Only names are looked at until a file is needed.
import { type Entry, readZip } from "./zip";

export type Picked = Entry;

export const MOST_BYTES = 1_000_000;
const MOST_FILES = 5_000;
const SKIPPED = /(^|\/)(\.git|node_modules|__pycache__|\.venv|__MACOSX)(\/|$)|(^|\/)\.DS_Store$/;
const DEFAULTS = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
export const OVERRIDE = /(^|\/)(docker-)?compose\.override\.ya?ml$/;

const YAML = /\.ya?ml$/i;
const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);
const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
const depth = (path: string) => path.split("/").length;

/** A text as it is: a byte order mark and all ends of lines are kept. Null for what is no UTF-8 text. */
export function decode(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

const ofFile = (file: File, path: string): Picked => ({
  path,
  size: file.size,
  bytes: async () => new Uint8Array(await file.arrayBuffer()),
});

/** Files of one choice, sorted by path; `name` is that of the folder or archive they were all in, "" for loose files. */
export interface Selection {
  files: Picked[];
  name: string;
}

async function unpacked(files: Picked[], blobs: Map<string, File>): Promise<Selection> {
  const found: Picked[] = [];
  let name = "";
  for (const one of files) {
    const blob = blobs.get(one.path);
    if (blob && /\.zip$/i.test(one.path)) {
      found.push(...(await readZip(blob)));
      name = baseName(one.path).replace(/\.zip$/i, "");
    } else found.push(one);
  }
  const kept = found.filter((one) => !SKIPPED.test(one.path)).slice(0, MOST_FILES);
  const inside = withoutTop({ files: kept, name: files.length === 1 ? name : "" });
  return { ...inside, files: inside.files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** A folder's own name is no part of the paths in it. */
function withoutTop({ files, name }: Selection): Selection {
  const top = files[0]?.path.split("/")[0] ?? "";
  if (!files.length || files.some((one) => !one.path.startsWith(`${top}/`))) return { files, name };
  return withoutTop({
    files: files.map((one) => ({ ...one, path: one.path.slice(top.length + 1) })),
    name: top,
  });
}

export function fromList(list: Iterable<File>): Promise<Selection> {
  const files = [...list];
  const pathOf = (file: File) => file.webkitRelativePath || file.name;
  return unpacked(
    files.map((file) => ofFile(file, pathOf(file))),
    new Map(files.map((file) => [pathOf(file), file])),
  );
}

/** What was dropped, folders with all that is in them. To be called in the event itself: its items are gone afterwards. */
export function fromDrop(data: DataTransfer): Promise<Selection> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((one) => one !== null);
  if (!entries.length) return fromList(data.files);
  return gather(entries);
}

async function gather(entries: FileSystemEntry[]): Promise<Selection> {
  const found: Picked[] = [];
  const blobs = new Map<string, File>();
  const open = [...entries];
  for (let entry = open.shift(); entry && found.length < MOST_FILES; entry = open.shift()) {
    const path = entry.fullPath.replace(/^\//, "");
    if (SKIPPED.test(path)) continue;
    if (entry.isDirectory) open.push(...(await childrenOf(entry as FileSystemDirectoryEntry)));
    else {
      const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail));
      blobs.set(path, file);
      found.push(ofFile(file, path));
    }
  }
  return unpacked(found, blobs);
}

async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return all;
    all.push(...some);
  }
}

/** The files that may be the main one, the likeliest first: default names near the top, then other YAML. */
export function mainCandidates(paths: string[]): string[] {
  const rank = (path: string) => {
    const at = DEFAULTS.indexOf(baseName(path));
    if (at >= 0) return at;
    return OVERRIDE.test(path) ? 20 : /compose/i.test(baseName(path)) ? 10 : 15;
  };
  const isDefault = (path: string) => Number(rank(path) >= DEFAULTS.length);
  return paths
    .filter((path) => YAML.test(path))
    .sort(
      (a, b) => isDefault(a) - isDefault(b) || depth(a) - depth(b) || rank(a) - rank(b) || (a < b ? -1 : 1),
    );
}

/** A name for a stack: from the file ("my-app.compose.yaml" → "my-app"), else from the folder. */
export function nameFor(path: string): string {
  const own = baseName(path)
    .replace(/\.(ya?ml)$/i, "")
    .replace(/[.-]?(docker-)?compose$/i, "");
  if (own) return own;
  return folderOf(path).split("/").filter(Boolean).at(-1) ?? "";
}

/** Paths as seen from the main file's folder; what stands outside of it has none. */
export function beside(main: string, files: Picked[]): Map<string, Picked> {
  const folder = folderOf(main);
  return new Map(
    files
      .filter((one) => one.path !== main && one.path.startsWith(folder))
      .map((one) => [one.path.slice(folder.length), one]),
  );
}

export { baseName, YAML };
