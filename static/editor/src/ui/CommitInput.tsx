// A text field that gives its value once, on Enter or when it is left; Escape takes the typing back.
// What cannot be is explained under it and stays in it; a value from outside shows while nobody types.
import { TextInput, type TextInputProps } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

export interface CommitInputProps extends Omit<TextInputProps, "value" | "onChange" | "defaultValue"> {
  value: string;
  /** A sentence when the text cannot be; it is not given on then. */
  check?: (text: string) => string | null;
  /** A promise of false says that it was refused: the text stays, to be mended. */
  onCommit: (text: string) => unknown;
}

export function CommitInput({ value, check, onCommit, onBlur, onKeyDown, ...rest }: CommitInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const seen = useRef(value);
  const sent = useRef<string | null>(null);

  useEffect(() => {
    if (seen.current !== value) {
      seen.current = value;
      if (!problem) setDraft(null);
    }
  }, [value, problem]);

  const commit = () => {
    if (draft === null) return;
    const text = draft.trim();
    if (sent.current === text) return;
    if (text === value) {
      setDraft(null);
      setProblem(null);
      return;
    }
    const wrong = check?.(text) ?? null;
    setProblem(wrong);
    if (wrong) return;
    const answer = onCommit(text);
    if (!(answer instanceof Promise)) return setDraft(null);
    sent.current = text;
    answer.then((taken) => {
      sent.current = null;
      if (taken === false) setProblem("This was not taken.");
      else setDraft((now) => (now?.trim() === text ? null : now));
    });
  };

  return (
    <TextInput
      size="xs"
      autoComplete="off"
      spellCheck={false}
      {...rest}
      value={draft ?? value}
      error={problem ?? rest.error}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        if (problem) setProblem(check?.(event.currentTarget.value.trim()) ?? null);
      }}
      onBlur={(event) => {
        commit();
        onBlur?.(event);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape" && draft !== null) {
          event.stopPropagation();
          setDraft(null);
          setProblem(null);
        }
        onKeyDown?.(event);
      }}
    />
  );
}
