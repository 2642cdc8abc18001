// Files of a .zip, read in the browser. Source: PKWARE's APPNOTE, 4.3; sizes come from the central directory. No zip64, no passwords.
export interface Entry {
  path: string;
  size: number;
  bytes: () => Promise<Uint8Array>;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LONGEST_END = 65_557; // the end record with the longest comment
const MOST_ENTRIES = 20_000;

function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - LONGEST_END); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new Error("This is not a .zip file.");
}

/** Unpack, and stop where more comes out than the directory says: a bomb ends here. */
async function inflate(packed: Uint8Array<ArrayBuffer>, size: number): Promise<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const out = new Uint8Array(size);
  const reader = stream.getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > size) throw new Error("The .zip file is damaged.");
    out.set(value, at);
    at += value.length;
  }
  if (at !== size) throw new Error("The .zip file is damaged.");
  return out;
}

export async function readZip(file: Blob): Promise<Entry[]> {
  const buffer = await file.arrayBuffer();
  const view = new DataView(buffer);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > MOST_ENTRIES) throw new Error("The .zip file has too many files.");
  let at = view.getUint32(end + 16, true);
  const entries: Entry[] = [];
  for (let number = 0; number < count; number++) {
    if (view.getUint32(at, true) !== CENTRAL) throw new Error("The .zip file is damaged.");
    const method = view.getUint16(at + 10, true);
    const packedSize = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const path = new TextDecoder().decode(new Uint8Array(buffer, at + 46, nameLength)).replaceAll("\\", "/");
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (path.endsWith("/") || (method !== 0 && method !== 8)) continue;
    const bytes = async () => {
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const packed = new Uint8Array(buffer, start, packedSize);
      return method === 0 ? packed : inflate(packed, size);
    };
    entries.push({ path, size, bytes });
  }
  return entries;
}
