// Completion for the code pane: what offers.ts finds, as CodeMirror's list, with our words and the specification beside it.
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
  startCompletion,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { known, linesOf } from "./known";
import { type Offer, offersAt } from "./offers";
import { wordsNode } from "./wordsView";

const ASKS = /(?:[:,[{]\s|-\s|\$\{|[\s[{]\*|\[|\{)$/;
const TYPES: Record<Offer["kind"], string> = {
  key: "property",
  value: "enum",
  service: "class",
  network: "namespace",
  volume: "type",
  name: "variable",
  image: "text",
  variable: "variable",
};

function accept(view: EditorView, offer: Offer, completion: Completion, from: number, to: number): void {
  view.dispatch({
    changes: { from, to, insert: offer.insert },
    selection: { anchor: from + offer.insert.length },
    annotations: pickedCompletion.of(completion),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
  if (offer.more) startCompletion(view);
}

function completionOf(offer: Offer, end: number): Completion {
  const completion: Completion = {
    label: offer.label,
    detail: offer.detail,
    type: TYPES[offer.kind],
    boost: offer.boost,
    apply: (view, _, from, to) =>
      accept(view, offer, completion, from, Math.max(to, Math.min(end, view.state.doc.length))),
  };
  if (offer.info) completion.info = () => wordsNode({ text: offer.info, link: offer.link });
  return completion;
}

/** The source of the pane's completions; only where one types a word, or asks, or stands where a value is due. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const line = context.state.doc.lineAt(context.pos);
  const column = context.pos - line.from;
  const before = line.text.slice(0, column);
  if (!context.explicit && !/\S$/.test(before) && !ASKS.test(before)) return null;
  const knows = await known({ withImages: /image:\s*\S*$/.test(before) });
  if (!knows || context.aborted) return null;
  const found = offersAt(linesOf(context.state.doc), line.number, column, knows);
  if (!found) return null;
  const typed = before.slice(found.from);
  if (!context.explicit && typed && found.offers.some((one) => one.label === typed)) return null;
  return {
    from: line.from + found.from,
    options: found.offers.map((one) => completionOf(one, line.from + found.to)),
    validFor: /^[\w./:@-]*$/,
  };
}
