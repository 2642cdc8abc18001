// What the code pane and the server know of one text: the last text from the server, and whether ours is on its way. No editor here.
// Typing goes out as hunks of lines after a pause; others' changes come in as character changes mapped over our own.
import { ChangeSet, Text } from "@codemirror/state";
import type { Edit } from "../model/edit";
import { changesBetween, hunksBetween } from "../model/hunks";

export const PAUSE_MS = 250;

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
  private base: string;
  private sending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private remote: string | null = null;
  private refused: string | null = null;
  private readonly pane: Pane;
  private readonly send: (edit: Edit) => Promise<boolean>;

  constructor(text: string, pane: Pane, send: (edit: Edit) => Promise<boolean>) {
    this.base = text;
    this.pane = pane;
    this.send = send;
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
    const taken = await this.send({ kind: "patch_text", hunks: hunksBetween(this.base, text) }).catch(
      () => false,
    );
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
    const changes = mergeRemote(known, this.pane.read(), remote);
    this.base = remote;
    if (changes) {
      this.refused = null;
      this.pane.bring(changes);
      if (this.pane.read() !== remote) this.typed();
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
