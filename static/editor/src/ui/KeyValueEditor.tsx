// Rows of a name and a value; values that look secret are covered. Pasted .env text becomes rows.
import { Button, Textarea, TextInput } from "@mantine/core";
import { IconClipboardText, IconEye, IconEyeOff, IconPlus, IconX } from "@tabler/icons-react";
import { type ClipboardEvent, useState } from "react";
import { looksSecret, readDotenv } from "../model/words";
import { CommitInput } from "./CommitInput";
import { IconButton } from "./IconButton";
import classes from "./KeyValueEditor.module.css";

interface Props {
  /** A null value is taken from where the engine runs. */
  entries: [string, string | null][];
  readOnly: boolean;
  onSet: (pairs: [string, string][]) => unknown;
  onRemove: (name: string) => unknown;
  onRename: (from: string, to: string) => unknown;
}

const NAME = /^[A-Za-z_][\w.-]*$/;
const checkVariable = (text: string) =>
  NAME.test(text) ? null : "Letters, digits and underscore; no digit first.";

export function KeyValueEditor({ entries, readOnly, onSet, onRemove, onRename }: Props) {
  const [revealed, setRevealed] = useState<Set<string>>(new Set());
  const [pasting, setPasting] = useState(false);
  const [pasted, setPasted] = useState("");
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const taken = entries.map(([key]) => key);
  const wrongName = name && taken.includes(name) ? "It is set above." : name ? checkVariable(name) : null;

  const toggle = (key: string) => {
    const next = new Set(revealed);
    if (!next.delete(key)) next.add(key);
    setRevealed(next);
  };
  const add = () => {
    if (!name || wrongName) return;
    onSet([[name, value]]);
    setName("");
    setValue("");
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text");
    const pairs = /[\n=]/.test(text) ? readDotenv(text) : null;
    if (!pairs) return;
    event.preventDefault();
    onSet(pairs);
  };
  const pairs = readDotenv(pasted);

  return (
    <div className={classes.rows}>
      {entries.map(([key, text]) => {
        const covered = looksSecret(key) && !revealed.has(key);
        return (
          <div key={key} className={classes.row}>
            <CommitInput
              className={classes.name}
              value={key}
              readOnly={readOnly}
              aria-label={`Name of ${key}`}
              check={(next) => (taken.includes(next) ? "It is set already." : checkVariable(next))}
              onCommit={(next) => onRename(key, next)}
            />
            <CommitInput
              className={classes.value}
              value={text ?? ""}
              placeholder={text === null ? "from Netyard's environment" : "empty"}
              type={covered ? "password" : "text"}
              readOnly={readOnly}
              aria-label={`Value of ${key}`}
              onCommit={(next) => onSet([[key, next]])}
              rightSectionWidth={26}
              rightSection={
                looksSecret(key) && (
                  <IconButton
                    size={20}
                    label={covered ? `Show ${key}` : `Cover ${key}`}
                    onClick={() => toggle(key)}
                  >
                    {covered ? <IconEye size={14} /> : <IconEyeOff size={14} />}
                  </IconButton>
                )
              }
            />
            {!readOnly && (
              <IconButton size={26} label={`Remove ${key}`} onClick={() => onRemove(key)}>
                <IconX size={14} />
              </IconButton>
            )}
          </div>
        );
      })}
      {!readOnly && (
        <form
          className={classes.row}
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <TextInput
            size="xs"
            autoComplete="off"
            spellCheck={false}
            className={classes.name}
            value={name}
            error={wrongName}
            placeholder="NAME"
            aria-label="New variable"
            onPaste={onPaste}
            onChange={(event) => setName(event.currentTarget.value.trim())}
          />
          <TextInput
            size="xs"
            autoComplete="off"
            spellCheck={false}
            className={classes.value}
            value={value}
            placeholder="value"
            aria-label="Its value"
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <IconButton size={26} type="submit" label="Add the variable" disabled={!name || !!wrongName}>
            <IconPlus size={14} />
          </IconButton>
        </form>
      )}
      {!readOnly && !pasting && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          className={classes.paste}
          leftSection={<IconClipboardText size={14} />}
          onClick={() => setPasting(true)}
        >
          Paste .env
        </Button>
      )}
      {pasting && (
        <div className={classes.pasting}>
          <Textarea
            size="xs"
            minRows={4}
            autosize
            maxRows={12}
            aria-label=".env text"
            placeholder={"NAME=value\nOTHER=value"}
            classNames={{ input: classes.mono }}
            value={pasted}
            error={pasted && !pairs ? "Each line reads NAME=value." : null}
            onChange={(event) => setPasted(event.currentTarget.value)}
            autoFocus
          />
          <div className={classes.buttons}>
            <Button
              size="compact-xs"
              disabled={!pairs}
              onClick={() => {
                if (pairs) onSet(pairs);
                setPasting(false);
                setPasted("");
              }}
            >
              {pairs ? `Set ${pairs.length}` : "Set"}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setPasting(false)}>
              Close
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
