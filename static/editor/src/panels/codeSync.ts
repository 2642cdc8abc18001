// What the code pane and the server know of one text: the last text from the server, and whether ours is on its way. No editor here.
// Typing goes out as hunks of lines after a pause; others' changes come in as character changes mapped over our own.
import { ChangeSet, Text } from "@codemirror/state";
import type { Edit } from "../model/edit";
import { changesBetween, hunksToShown, plainEnds } from "../model/hunks";

/** Long enough that a word typed fast is one edit, short enough that the canvas follows the hand. */
export const PAUSE_MS = 80;

/** The change that brings `remote` into `doc`, where both grew out of `base`; null when there is nothing to bring. */
export function mergeRemote(base: string, doc: string, remote: string): ChangeSet | null {
  if (remote === base) return null;
  const changes = changesBetween(base, remote);
  const theirs = ChangeSet.of(changes, base.length);
  if (doc === base) return theirs;
  const ours = ChangeSet.of(changesBetween(base, doc), base.length);
  // whole lines that came in where one types stand before what is typed, not behind it in its line
  const lines = changes.some(
    ({ from, insert }) => insert.endsWith("\n") && (base[from - 1] ?? "\n") === "\n",
  );
  return theirs.map(ours, lines);
}

export interface Pane {
  read(): string;
  bring(changes: ChangeSet): void;
}

export class CodeSync {
  /** The last text from the server, byte for byte, and as the pane shows it. */
  private raw: string;
  private base: string;
  private sending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private remote: string | null = null;
  private refused: string | null = null;
  private readonly pane: Pane;
  private readonly send: (edit: Edit) => Promise<boolean>;
  private readonly file: string;

  /** `file` is a companion's path, "" the main text. */
  constructor(text: string, pane: Pane, send: (edit: Edit) => Promise<boolean>, { file = "" } = {}) {
    this.raw = text;
    this.base = plainEnds(text);
    this.pane = pane;
    this.send = send;
    this.file = file;
  }

  /** Whether something typed here is not with the server yet. */
  get waiting(): boolean {
    return this.sending || this.pane.read() !== this.base;
  }

  /** Someone typed here: send it after a pause. */
  typed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** The server's text is now this. While our own is on its way, it waits: the answer says whether ours is in it. */
  received(text: string): void {
    if (this.sending) {
      this.remote = text;
      return;
    }
    this.take(this.base, text);
  }

  /** Send what is typed, now. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const text = this.pane.read();
    if (this.sending || text === this.base || text === this.refused) return;
    this.sending = true;
    const hunks = hunksToShown(this.raw, text);
    const edit: Edit = { kind: "patch_text", hunks, ...(this.file ? { file: this.file } : {}) };
    const taken = await this.send(edit).catch(() => false);
    this.sending = false;
    this.refused = taken ? null : text;
    const remote = this.remote;
    this.remote = null;
    if (taken) this.take(text, remote ?? text);
    else if (remote !== null) this.take(this.base, remote);
    if (taken && this.pane.read() !== this.base) this.typed();
  }

  /** `known` is the last text that both sides had. */
  private take(known: string, remote: string): void {
    const plain = plainEnds(remote);
    const changes = mergeRemote(known, this.pane.read(), plain);
    this.raw = remote;
    this.base = plain;
    if (changes) {
      this.refused = null;
      this.pane.bring(changes);
      if (this.pane.read() !== plain) this.typed();
    }
  }

  /** Send what is left and stop. */
  close(): void {
    clearTimeout(this.timer);
    this.flush();
  }
}

export const applyTo = (text: string, changes: ChangeSet) =>
  changes.apply(Text.of(text.split("\n"))).toString();
