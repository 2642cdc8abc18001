// The code pane's abilities, in one list: completion, hover, folding, search, history, problems, going to a definition.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import {
  type Command,
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { block } from "../code/block";
import { complete } from "../code/completion";
import { isYaml, languageOf } from "../code/env";
import { goesTo, type Open } from "../code/goes";
import { guides } from "../code/guides";
import { explainHover } from "../code/hover";
import { colors, look } from "../code/look";

const STEPS_KEPT = 1000;

interface Setup {
  file: string;
  role: string;
  save: () => void;
  undo: Command;
  redo: Command;
  open: Open;
}

const ofYaml = (open: Open): Extension => [
  autocompletion({ override: [complete], icons: false, activateOnTypingDelay: 60, maxRenderedOptions: 200 }),
  explainHover,
  goesTo(open),
];

/** Everything but the text and whether it may be changed. */
export function codeSetup({ file, role, save, undo, redo, open }: Setup): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    foldGutter(),
    codeFolding(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history({ minDepth: STEPS_KEPT }),
    drawSelection(),
    rectangularSelection(),
    crosshairCursor(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.lineSeparator.of("\n"),
    EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    search({ top: true }),
    highlightSelectionMatches(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    languageOf(file, role),
    syntaxHighlighting(colors),
    isYaml(file) ? [ofYaml(open), guides] : [],
    block,
    look,
    EditorView.contentAttributes.of({
      "aria-label": file ? `Text of ${file}` : "Compose text",
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    Prec.high(
      keymap.of([
        { key: "Mod-z", run: undo, preventDefault: true },
        { key: "Mod-y", mac: "Mod-Shift-z", run: redo, preventDefault: true },
        { linux: "Ctrl-Shift-z", win: "Ctrl-Shift-z", run: redo, preventDefault: true },
      ]),
    ),
    keymap.of([
      {
        key: "Mod-s",
        run: () => {
          save();
          return false; // the page says that it is saved
        },
      },
      ...closeBracketsKeymap,
      ...defaultKeymap.filter((one) => one.key !== "Mod-Enter"),
      ...searchKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
  ];
}
