// How the code pane looks: colours from the page's variables, so that it is light or dark with the page.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const colors = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName)],
    color: "var(--ny-code-key)",
    fontWeight: "500",
  },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--ny-code-text)" },
  { tag: [tags.content, tags.attributeValue], color: "var(--ny-code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--ny-code-value)" },
  { tag: tags.comment, color: "var(--ny-faint)", fontStyle: "italic" },
  { tag: [tags.labelName, tags.typeName, tags.meta], color: "var(--ny-code-mark)" },
  { tag: [tags.punctuation, tags.separator], color: "var(--ny-faint)" },
  { tag: tags.invalid, color: "var(--ny-bad)" },
]);

const text = {
  "&": { height: "100%", fontSize: "12.5px", background: "var(--ny-chrome)", color: "var(--ny-text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ny-text)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ny-text)", borderLeftWidth: "1.5px" },
  ".cm-gutters": { background: "var(--ny-chrome)", color: "var(--ny-faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "26px", opacity: "0.75" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 1px", display: "grid", placeItems: "center" },
  ".cm-lint-marker": { width: "9px", height: "9px", borderRadius: "50%" },
  ".cm-lint-marker-error": { content: "none", background: "var(--ny-bad)" },
  ".cm-lint-marker-warning": { content: "none", background: "var(--ny-warn)", borderRadius: "2px" },
  ".cm-foldGutter .cm-gutterElement": { cursor: "pointer", opacity: "0.6" },
  ".cm-foldPlaceholder": {
    background: "var(--ny-hover)",
    border: "1px solid var(--ny-line)",
    color: "var(--ny-muted)",
    padding: "0 6px",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--ny-line-soft)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--ny-code-selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--ny-code-selection)" },
  ".cm-searchMatch": { backgroundColor: "var(--ny-mark)" },
  ".cm-searchMatch-selected": { outline: "1.5px solid var(--ny-orange)" },
  ".cm-block": {
    backgroundColor: "var(--ny-active-soft)",
    boxShadow: "inset 2px 0 0 var(--mantine-primary-color-filled)",
  },
  ".cm-guides": {
    backgroundImage:
      "repeating-linear-gradient(to right, var(--ny-line) 0, var(--ny-line) 1px, transparent 1px, transparent 2ch)",
    backgroundSize: "calc(var(--cm-depth) - 1px) 100%",
    backgroundRepeat: "no-repeat",
    backgroundPosition: "6px 0",
  },
  ".cm-goes": { textDecoration: "underline", cursor: "pointer", color: "var(--ny-active-text)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--ny-bad) 1px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--ny-warn) 1px" },
  ".cm-lintRange": { textUnderlineOffset: "3px", textDecorationSkipInk: "none" },
};

const popups = {
  ".cm-tooltip": {
    background: "var(--ny-raised)",
    color: "var(--ny-text)",
    border: "1px solid var(--ny-line-strong)",
    borderRadius: "8px",
    boxShadow: "var(--ny-shadow)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete": { overflow: "visible" },
  ".cm-tooltip-hover, .cm-completionInfo": { maxWidth: "min(380px, 88vw)" },
  ".cm-tooltip-section:not(:first-child)": { borderTop: "1px solid var(--ny-line)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mantine-font-family-monospace)",
    fontSize: "12px",
    maxHeight: "15em",
    minWidth: "200px",
    padding: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "center",
    gap: "6px",
    padding: "3px 8px",
    borderRadius: "5px",
    lineHeight: "1.5",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--ny-active)",
    color: "var(--ny-active-text)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": {
    marginLeft: "auto",
    paddingLeft: "14px",
    color: "var(--ny-faint)",
    fontStyle: "normal",
    fontFamily: "var(--mantine-font-family)",
    fontSize: "11px",
  },
  ".cm-tooltip.cm-completionInfo": {
    padding: "0",
    borderRadius: "8px",
    fontFamily: "var(--mantine-font-family)",
  },
  ".cm-words, .cm-problem": {
    padding: "9px 12px",
    fontSize: "12.5px",
    lineHeight: "1.45",
    fontFamily: "var(--mantine-font-family)",
  },
  ".cm-words p, .cm-problem p": { margin: "0 0 5px" },
  ".cm-words > :last-child, .cm-problem > :last-child": { marginBottom: "0" },
  ".cm-words-head": { display: "flex", gap: "8px", alignItems: "baseline", marginBottom: "3px" },
  ".cm-words-head span, .cm-words-more, .cm-problem-fix": { color: "var(--ny-muted)" },
  ".cm-words-head span": { fontSize: "11.5px" },
  ".cm-words code, .cm-problem code": {
    fontFamily: "var(--mantine-font-family-monospace)",
    fontSize: "11.5px",
    background: "var(--ny-hover)",
    borderRadius: "4px",
    padding: "0 4px",
  },
  ".cm-words a": { color: "var(--ny-active-text)", fontSize: "12px" },
  ".cm-problem-code": { color: "var(--ny-faint)", fontSize: "11px" },
  ".cm-diagnostic": { padding: "0", borderLeft: "3px solid transparent", margin: "0" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--ny-bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--ny-warn)" },
  ".cm-diagnosticSource": { display: "none" },
};

const panels = {
  ".cm-panels": { background: "var(--ny-sunken)", color: "var(--ny-text)", borderColor: "var(--ny-line)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--ny-line)" },
  ".cm-panel.cm-search": {
    padding: "8px 30px 8px 10px",
    fontFamily: "var(--mantine-font-family)",
    fontSize: "12px",
  },
  ".cm-panel.cm-search label": { fontSize: "12px", color: "var(--ny-muted)", marginRight: "8px" },
  ".cm-panel.cm-search [name=close]": {
    color: "var(--ny-muted)",
    fontSize: "18px",
    top: "6px",
    right: "8px",
  },
  ".cm-textfield": {
    background: "var(--ny-chrome)",
    color: "var(--ny-text)",
    border: "1px solid var(--ny-line-strong)",
    borderRadius: "6px",
    padding: "4px 8px",
    fontSize: "12px",
    width: "150px",
  },
  ".cm-textfield:focus-visible": {
    outline: "2px solid var(--mantine-primary-color-filled)",
    outlineOffset: "-1px",
  },
  ".cm-button": {
    background: "var(--ny-chrome)",
    backgroundImage: "none",
    color: "var(--ny-text)",
    border: "1px solid var(--ny-line-strong)",
    borderRadius: "6px",
    padding: "3px 8px",
    fontSize: "12px",
    cursor: "pointer",
  },
  ".cm-button:hover": { background: "var(--ny-hover)" },
};

export const look = EditorView.theme({ ...text, ...popups, ...panels });
