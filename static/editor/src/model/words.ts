// A command line as text and as words, and .env text as pairs. Pure.

/** The words of a shell line with quotes and backslashes taken off; null while a quote is open. */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string;
    if (quote) {
      if (sign === quote) quote = "";
      else if (quote === '"' && sign === "\\" && /["\\$`]/.test(text[at + 1] ?? ""))
        word = (word ?? "") + text[++at];
      else word = (word ?? "") + sign;
    } else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= "";
    } else if (sign === "\\" && at + 1 < text.length) word = (word ?? "") + text[++at];
    else if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + sign;
  }
  if (quote) return null;
  if (word !== null) words.push(word);
  return words;
}

/** Words as one line that `splitWords` takes apart again. */
export function joinWords(words: string[]): string {
  return words
    .map((word) => {
      if (word !== "" && /^[\w@%+=:,./${}-]+$/.test(word)) return word;
      return word.includes("'") ? `"${word.replace(/(["\\`])/g, "\\$1")}"` : `'${word}'`;
    })
    .join(" ");
}

/** Pairs of a pasted .env text: comments, `export`, and quotes are taken off. Null when a line is no assignment. */
export function readDotenv(text: string): [string, string][] | null {
  const pairs: [string, string][] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim().replace(/^-\s+/, "");
    if (!line || line.startsWith("#")) continue;
    const match = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*(?:=|:\s)\s*(.*)$/.exec(line);
    if (!match) return null;
    const value = match[2] ?? "";
    const quoted = /^(["'])(.*)\1$/.exec(value);
    pairs.push([match[1] as string, quoted ? (quoted[2] ?? "") : value.replace(/\s+#.*$/, "")]);
  }
  return pairs.length ? pairs : null;
}

/** Whether a variable's name says that its value should not be read over a shoulder. */
export const looksSecret = (name: string) =>
  /(pass(word|wd|phrase)?|secret|token|api_?key|private|credential|auth(?!or)|dsn)/i.test(name) &&
  !/(_FILE|_PATH|_URL_BASE)$/i.test(name);
