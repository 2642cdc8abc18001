// The page's own keys; the canvas and the code pane have theirs. Nothing of it acts while someone types, but Ctrl S and Ctrl Enter.
import { useEffect } from "react";
import { editor, may, notify } from "../model/store";
import { redo, undo } from "../sync/session";
import { applyNow, isUnderWay, planNow } from "./apply";
import { openDialog } from "./dialogs";

const TYPING = "input, textarea, select, [contenteditable=true], .cm-editor, [role=textbox]";

/** Ctrl Enter: a plan first; once it is shown, apply it. */
function runStep(): void {
  const { side, plan, stack, run, guest } = editor.get();
  if (!stack || guest || isUnderWay(run)) return;
  if (side === "plan" && plan?.version === stack.version && may("deploy")) applyNow();
  else planNow();
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const inDialog = target.closest("[role=dialog], [role=menu]") !== null;
  if (control && key === "s") {
    event.preventDefault();
    const { pending } = editor.get();
    notify({
      tone: "good",
      message: pending
        ? "Saving; every edit is saved as it is made."
        : "It is saved; every edit is, as it is made.",
    });
  } else if (control && key === "enter") {
    event.preventDefault();
    if (!inDialog) runStep();
  } else if (target.closest(TYPING) || inDialog) return;
  else if (event.key === "?" && !control) openDialog("keys");
  else if (control && (key === "z" || key === "y")) {
    if (target === document.body || target.closest("[data-netyard-canvas]")) return; // the canvas' own
    event.preventDefault();
    if (key === "y" || event.shiftKey) redo();
    else undo();
  }
}

export function usePageKeys(): void {
  useEffect(() => {
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
