// Env files: comments, names and values in colour. Other companions are shown as plain text, or as YAML by their name.
import { yaml } from "@codemirror/lang-yaml";
import { LanguageSupport, StreamLanguage } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

const env = StreamLanguage.define<{ value: boolean }>({
  name: "env",
  startState: () => ({ value: false }),
  token(stream, state) {
    if (stream.sol()) {
      state.value = false;
      stream.eatSpace();
      if (stream.match(/^#.*/)) return "comment";
      if (stream.match(/^export\s+/)) return "meta";
      if (stream.match(/^[A-Za-z_][\w.]*(?=\s*=)/)) return "propertyName";
    }
    if (!state.value && stream.match(/^\s*=/)) {
      state.value = true;
      return "punctuation";
    }
    if (stream.match(/^\$\{[^}]*\}|^\$\w+/)) return "labelName";
    if (stream.match(/^\s+#.*/)) return "comment";
    stream.next();
    stream.eatWhile(/[^$\s]/);
    return state.value ? "string" : null;
  },
  languageData: { commentTokens: { line: "#" } },
});

export const isYaml = (path: string) => path === "" || /\.ya?ml$/i.test(path);

export function languageOf(path: string, role: string): Extension {
  if (isYaml(path)) return yaml();
  return role === "env" || /(^|\/)[^/]*\.?env[^/]*$/i.test(path) ? new LanguageSupport(env) : [];
}
