// Ctrl-click, F12 or Alt-click on a name goes to where it is made; with Ctrl held the name under the pointer is underlined.
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap } from "@codemirror/view";
import { type Target, targetIn } from "./definition";

export type Open = (target: Target) => void;

const setLink = StateEffect.define<{ from: number; to: number } | null>();
const linkMark = Decoration.mark({ class: "cm-goes" });

const link = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = transaction.docChanged ? Decoration.none : value;
    for (const effect of transaction.effects)
      if (effect.is(setLink))
        next = effect.value
          ? Decoration.set([linkMark.range(effect.value.from, effect.value.to)])
          : Decoration.none;
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function underline(view: EditorView, event: MouseEvent): void {
  const shown = view.state.field(link).size > 0;
  const pos =
    event.ctrlKey || event.metaKey ? view.posAtCoords({ x: event.clientX, y: event.clientY }) : null;
  const target = pos === null ? null : targetIn(view, pos);
  if (!target) {
    if (shown) view.dispatch({ effects: setLink.of(null) });
    return;
  }
  const line = view.state.doc.lineAt(pos as number);
  view.dispatch({ effects: setLink.of({ from: line.from + target.from, to: line.from + target.to }) });
}

export function goesTo(open: Open): Extension {
  return [
    link,
    EditorView.domEventHandlers({
      mousemove(event, view) {
        underline(view, event);
      },
      keyup(event, view) {
        if ((event.key === "Control" || event.key === "Meta") && view.state.field(link).size)
          view.dispatch({ effects: setLink.of(null) });
      },
      mousedown(event, view) {
        if (!(event.ctrlKey || event.metaKey) || event.button !== 0) return false;
        const pos = view.posAtCoords({ x: event.clientX, y: event.clientY });
        const target = pos === null ? null : targetIn(view, pos);
        if (!target) return false;
        event.preventDefault();
        open(target);
        return true;
      },
    }),
    keymap.of([
      {
        key: "F12",
        run: (view) => {
          const target = targetIn(view, view.state.selection.main.head);
          if (target) open(target);
          return target !== null;
        },
      },
    ]),
  ];
}
