// Words for a person as page elements: `names` set as code, and a way to the specification.

export interface Shown {
  title?: string;
  types?: string;
  text: string;
  values?: string[];
  link?: string;
}

const make = (tag: string, className: string, text = "") => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
};

/** A sentence with its `names` as code. */
export function marked(text: string, className = ""): HTMLElement {
  const node = make("p", className);
  const parts = text.split("`");
  for (const [index, part] of parts.entries()) {
    if (index % 2 && index < parts.length - 1) node.append(make("code", "", part));
    else node.append(index % 2 ? `\`${part}` : part);
  }
  return node;
}

export function wordsNode({ title, types, text, values, link }: Shown): HTMLElement {
  const node = make("div", "cm-words");
  if (title) {
    const head = make("div", "cm-words-head");
    head.append(make("b", "", title), make("span", "", types));
    node.append(head);
  }
  if (text) node.append(marked(text));
  if (values?.length)
    node.append(marked(`One of ${values.map((one) => `\`${one}\``).join(", ")}.`, "cm-words-more"));
  if (link) {
    const anchor = make("a", "", "Compose Specification") as HTMLAnchorElement;
    anchor.href = link;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
    node.append(anchor);
  }
  return node;
}
