// The code pane's looks and abilities: YAML colours from the page's variables, line numbers, search, problems underlined.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { ProblemView } from "../wire.gen";

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--ny-code-key)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--ny-code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--ny-code-value)" },
  { tag: tags.comment, color: "var(--ny-faint)", fontStyle: "italic" },
  { tag: [tags.labelName, tags.typeName, tags.meta], color: "var(--ny-code-mark)" },
  { tag: [tags.punctuation, tags.separator], color: "var(--ny-faint)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "12.5px", background: "var(--ny-chrome)", color: "var(--ny-text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ny-text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ny-text)" },
  ".cm-gutters": { background: "var(--ny-chrome)", color: "var(--ny-faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "var(--ny-line-soft)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--ny-code-selection)",
  },
  ".cm-selectionMatch": { background: "var(--ny-code-selection)" },
  ".cm-block": {
    background: "var(--ny-active-soft)",
    boxShadow: "inset 2px 0 0 var(--mantine-primary-color-filled)",
  },
  ".cm-panels": { background: "var(--ny-sunken)", color: "var(--ny-text)", borderColor: "var(--ny-line)" },
  ".cm-tooltip": {
    background: "var(--ny-raised)",
    color: "var(--ny-text)",
    border: "1px solid var(--ny-line-strong)",
  },
  ".cm-textfield": {
    background: "var(--ny-chrome)",
    color: "var(--ny-text)",
    borderColor: "var(--ny-line-strong)",
  },
  ".cm-button": {
    background: "var(--ny-hover)",
    color: "var(--ny-text)",
    borderColor: "var(--ny-line-strong)",
  },
});

const setBlock = StateEffect.define<[number, number] | null>();
const blockLine = Decoration.line({ class: "cm-block" });

const block = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setBlock)) continue;
      const ranges = [];
      if (effect.value)
        for (let line = effect.value[0]; line <= effect.value[1]; line++)
          ranges.push(blockLine.range(transaction.state.doc.line(line).from));
      next = Decoration.set(ranges);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Tint the lines (from 1, both ends in) of what is selected on the canvas. */
export const markBlock = (view: EditorView, lines: [number, number] | null) =>
  view.dispatch({ effects: setBlock.of(lines) });

/** Underline problems at their line, from their column to the line's end. */
export function showProblems(view: EditorView, problems: ProblemView[]): void {
  const { doc } = view.state;
  const diagnostics = problems
    .filter((one) => one.line > 0 && one.line <= doc.lines)
    .map((one): Diagnostic => {
      const line = doc.line(one.line);
      const indent = line.text.length - line.text.trimStart().length;
      const from = Math.min(line.to, line.from + Math.max(indent, one.column > 0 ? one.column - 1 : 0));
      return { from, to: line.to, severity: one.severity, message: `${one.message} ${one.fix}`.trim() };
    })
    .sort((a, b) => a.from - b.from);
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Everything but the text; `save` sends what is typed at once. */
export function codeSetup(save: () => void): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    autocompletion(),
    search({ top: true }),
    highlightSelectionMatches(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    yaml(),
    syntaxHighlighting(colors),
    block,
    look,
    EditorView.contentAttributes.of({ "aria-label": "Compose text", spellcheck: "false" }),
    keymap.of([
      {
        key: "Mod-s",
        run: () => {
          save();
          return false; // the page says that it is saved
        },
      },
      ...defaultKeymap.filter((one) => one.key !== "Mod-Enter"),
      ...historyKeymap,
      ...searchKeymap,
      ...completionKeymap,
      indentWithTab,
    ]),
  ];
}
