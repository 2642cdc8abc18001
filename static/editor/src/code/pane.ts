// One file's text in an editor: what is typed goes to the server, what others do comes in, problems and the selection show.
import { redoDepth, redo as redoTyping, undoDepth, undo as undoTyping } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, Transaction } from "@codemirror/state";
import { type Command, EditorView, type ViewUpdate } from "@codemirror/view";
import { newOpId } from "../model/ids";
import { editor, select } from "../model/store";
import { openTyping, type Typing } from "../model/typing";
import { codeSetup } from "../panels/codeSetup";
import { CodeSync } from "../panels/codeSync";
import { edit, redo as redoStep, undo as undoStep } from "../sync/session";
import { blockEnd, lineOfNodes, markBlock, nodeAtLine } from "./block";
import { followText, MAIN, markWaiting } from "./files";
import type { Open } from "./goes";
import { showProblems } from "./problems";

const remoteChange = Annotation.define<boolean>();
const JUST_TYPED_MS = 1500;

export interface CodePane {
  view: EditorView;
  /** Show a line (from 1); with `caret` go there to type. */
  show(line: number, options: { caret: boolean }): void;
  wrap(on: boolean): void;
  close(): void;
}

interface Options {
  parent: HTMLElement;
  file: string;
  role: string;
  text: string;
  draws: boolean;
  wrapped: boolean;
  open: Open;
}

export function openPane({ parent, file, role, text, draws, wrapped, open }: Options): CodePane {
  const id = `code:${file}:${newOpId()}`;
  const wrapping = new Compartment();
  let fromCode = false;
  let sentDepth = 0;
  let stepped = true;
  let typedAt = 0;

  const sync = new CodeSync(
    text,
    {
      read: () => view.state.doc.toString(),
      bring: (changes) => {
        const { doc, selection } = view.state;
        const atLineStart = doc.lineAt(selection.main.head).from === selection.main.head;
        const kept = view.scrollDOM.scrollTop > 0 ? view.scrollSnapshot().map(changes) : undefined;
        view.dispatch({
          changes,
          effects: kept ? [kept] : [], // the lines that one looks at stay where they are
          selection: selection.map(changes, atLineStart ? 1 : -1), // stays with its line when lines come in above it
          annotations: [
            remoteChange.of(true),
            Transaction.addToHistory.of(false),
            Transaction.remote.of(true),
          ],
        });
      },
    },
    async (change) => {
      const to = undoDepth(view.state);
      const typing: Typing = { pane: id, from: sentDepth, to, at: Date.now(), stepped };
      const before = sentDepth;
      [sentDepth, stepped] = [to, true];
      const taken = await edit(change, { label: file ? `Type in ${file}` : "Type in the code", typing });
      if (!taken) [sentDepth, stepped] = [Math.min(before, sentDepth), false];
      setTimeout(() => markWaiting(file, sync.waiting)); // once the exchange has taken note of the answer
      return taken;
    },
    { file },
  );

  /** One's own last step, wherever it was made: typing here goes back in small steps, what was drawn since before it. */
  const undo: Command = (target) => {
    const last = editor.get().undo.at(-1);
    const drawn = !sync.waiting && last !== undefined && last.typed?.pane !== id;
    if (drawn || !undoTyping(target)) undoStep();
    return true;
  };
  const redo: Command = (target) => {
    const { undo: done, redo: undone } = editor.get();
    const mine = done.at(-1)?.typed?.pane === id || undone.at(-1)?.typed?.pane === id;
    if (redoDepth(target.state) > 0 && (mine || !undone.length)) return redoTyping(target);
    redoStep();
    return true;
  };

  const onUpdate = (update: ViewUpdate) => {
    const own = update.transactions.filter((one) => one.docChanged && !one.annotation(remoteChange));
    if (own.length) {
      if (!own.every((one) => one.isUserEvent("undo") || one.isUserEvent("redo"))) stepped = false;
      typedAt = Date.now();
      markWaiting(file, true);
      sync.typed();
    }
    if (file === MAIN && update.selectionSet && !update.docChanged && update.view.hasFocus) mirror();
  };

  const view: EditorView = new EditorView({
    parent,
    state: EditorState.create({
      doc: text.replaceAll("\r\n", "\n"),
      extensions: [
        codeSetup({ file, role, save: () => sync.flush(), undo, redo, open }),
        EditorState.readOnly.of(!draws),
        wrapping.of(wrapped ? EditorView.lineWrapping : []),
        EditorView.updateListener.of(onUpdate),
      ],
    }),
  });

  /** The caret's service is selected on the canvas. */
  function mirror(): void {
    const graph = editor.get().stack?.graph;
    const { doc, selection } = view.state;
    const node = graph && nodeAtLine(graph, doc, doc.lineAt(selection.main.head).number);
    fromCode = true;
    if (node) select([node]);
    fromCode = false;
  }

  function mark(): void {
    const { stack, selection } = editor.get();
    const line = lineOfNodes(stack?.graph, selection);
    markBlock(view, line > 0 && line <= view.state.doc.lines ? [line, blockEnd(view.state.doc, line)] : null);
  }

  function show(line: number, { caret }: { caret: boolean }): void {
    if (line < 1 || line > view.state.doc.lines) return;
    const { from } = view.state.doc.line(line);
    view.dispatch({
      ...(caret ? { selection: { anchor: from } } : {}),
      effects: EditorView.scrollIntoView(from, { y: caret ? "center" : "nearest", yMargin: 60 }),
    });
    if (caret) view.focus();
  }

  /** Where one types stays in view when a message takes room from the text. */
  const resized = new ResizeObserver(() => {
    if (view.hasFocus && Date.now() - typedAt < JUST_TYPED_MS)
      view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head, { yMargin: 24 }) });
  });
  resized.observe(parent);

  const problems = () => showProblems(view, editor.get().stack?.problems ?? [], file);
  const stops = [
    followText(file, (now) => sync.received(now)),
    editor.subscribe((state) => state.stack?.problems, problems),
    openTyping(id, (depth) => {
      const now = undoDepth(view.state);
      const step = depth < now ? undoTyping : redoTyping;
      if (depth === now) return sync.waiting;
      while (undoDepth(view.state) !== depth && step(view));
      sync.flush();
      return true;
    }),
  ];
  if (file === MAIN) {
    stops.push(
      editor.subscribe(
        (state) => state.selection,
        () => {
          mark();
          const typing = view.hasFocus && Date.now() - typedAt < JUST_TYPED_MS;
          if (!fromCode && !typing)
            show(lineOfNodes(editor.get().stack?.graph, editor.get().selection), { caret: false });
        },
      ),
      editor.subscribe((state) => state.stack?.graph, mark),
    );
    mark();
  }
  problems();

  return {
    view,
    show,
    wrap: (on) => view.dispatch({ effects: wrapping.reconfigure(on ? EditorView.lineWrapping : []) }),
    close: () => {
      for (const stop of stops) stop();
      resized.disconnect();
      sync.close();
      markWaiting(file, false);
      view.destroy();
    },
  };
}
