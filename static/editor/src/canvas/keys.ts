// The canvas' keys. They act when the canvas or nothing has the focus: never while someone types or a dialog is open.
import { useEffect } from "react";
import { copy, duplicateSelected, paste } from "../model/clipboard";
import { readClip } from "../model/copies";
import { removeSelected } from "../model/gestures";
import { nodeIds } from "../model/graph";
import { parseId } from "../model/ids";
import { editor, may, select } from "../model/store";
import { redo, undo } from "../sync/session";
import { fitAll, screenPoint, viewCenter, zoomIn, zoomOut, zoomTo100 } from "./camera";
import { nudge } from "./drag";
import { canvas, closePopup } from "./state";

const TYPING =
  "input, textarea, select, [contenteditable]:not([contenteditable=false]), .cm-editor, [role=textbox]";
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Whether a key or clipboard event is the canvas' own. */
export function isOurs(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return true;
  if (target.closest(TYPING) || target.closest("[role=dialog], [role=menu], [role=listbox]")) return false;
  return target === document.body || target.closest("[data-netyard-canvas]") !== null;
}

export function openQuickAdd(): void {
  const at = canvas.get().pointer ?? viewCenter();
  canvas.set({ popup: { kind: "quick", at, screen: screenPoint(at), wireFrom: null } });
}

function withControl(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === "a") select(nodeIds(canvas.get().drawing));
  else if (key === "d") duplicateSelected();
  else if (key === "z") (event.shiftKey ? redo : undo)();
  else if (key === "y") redo();
  else if (key === "=" || key === "+") zoomIn();
  else if (key === "-") zoomOut();
  else if (key === "0") zoomTo100();
  else return false;
  return true;
}

function plain(event: KeyboardEvent): boolean {
  const arrow = ARROWS[event.key];
  if (arrow) {
    if (!may("draw") || !editor.get().selection.length) return false;
    const step = event.shiftKey ? 100 : 20;
    nudge(arrow[0] * step, arrow[1] * step);
  } else if (event.key === "Delete" || event.key === "Backspace") removeSelected();
  else if (event.key === "Escape") {
    if (canvas.get().popup) closePopup();
    else select([]);
  } else if (event.key === "/" && may("draw")) openQuickAdd();
  else if (event.key === "!" || (event.shiftKey && event.code === "Digit1")) fitAll();
  else if (event.key === "Enter" || event.key === " ") return openFocused(event);
  else return false;
  return true;
}

/** Enter or Space on a focused node selects it; Enter opens the inspector too. */
function openFocused(event: KeyboardEvent): boolean {
  const node =
    event.target instanceof Element && event.target.matches(".react-flow__node") ? event.target : null;
  const id = node?.getAttribute("data-id");
  if (!id || !parseId(id)) return false;
  const { selection } = editor.get();
  if (event.shiftKey)
    select(selection.includes(id) ? selection.filter((one) => one !== id) : [...selection, id]);
  else select([id]);
  if (event.key === "Enter") editor.set({ side: "inspector" });
  return true;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || !isOurs(event.target)) return;
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey && !control) return;
  if (control ? withControl(event) : plain(event)) event.preventDefault();
}

function onCopy(event: ClipboardEvent): void {
  if (event.defaultPrevented || !isOurs(event.target) || String(window.getSelection() ?? "")) return;
  const text = copy();
  if (!text) return;
  event.clipboardData?.setData("text/plain", text);
  event.preventDefault();
  if (event.type === "cut") removeSelected();
}

function onPaste(event: ClipboardEvent): void {
  if (event.defaultPrevented || !isOurs(event.target) || !may("draw")) return;
  const clip = readClip(event.clipboardData?.getData("text/plain") ?? "");
  if (!clip) return;
  event.preventDefault();
  paste(clip);
}

export function useKeys(): void {
  useEffect(() => {
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, []);
}
