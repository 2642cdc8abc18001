// The files of a selection: those that come along and why, those that are missing, and those that nothing names.
import { Button, FileButton, NativeSelect, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { bytesText } from "../../ui/format";
import type { FileNeed } from "../../wire.gen";
import classes from "./BringIn.module.css";
import { type Choice, mayMerge, type Row } from "./bringIn";

const SHOWN = 200;
const WHY: Record<Row["role"], string> = {
  env: "variables",
  compose: "Compose file",
  override: "merged",
  config: "config",
  secret: "secret",
  context: "built from",
  "": "not named",
};

interface Props {
  rows: Row[];
  missing: FileNeed[];
  onChoose: (path: string, choice: Choice) => void;
  onAdd: (path: string, file: File) => void;
}

export function FilesTable({ rows, missing, onChoose, onAdd }: Props) {
  const [all, setAll] = useState(false);
  const needed = rows.filter((row) => row.choice !== "leave" || row.role !== "");
  const others = rows.filter((row) => !needed.includes(row));
  const shown = all || others.length <= 3 ? others.slice(0, SHOWN) : [];
  if (!rows.length && !missing.length) return null;
  return (
    <>
      <ul className={classes.files} aria-label="Files">
        {missing.map((need) => (
          <Missing key={need.path} need={need} onAdd={onAdd} />
        ))}
        {[...needed, ...shown].map((row) => (
          <FileRow key={row.path} row={row} onChoose={onChoose} />
        ))}
      </ul>
      {others.length > shown.length && (
        <UnstyledButton onClick={() => setAll(true)}>
          <Text size="sm" c="dimmed">
            {others.length} other files are named nowhere and stay out. <u>Show them</u>
          </Text>
        </UnstyledButton>
      )}
    </>
  );
}

function FileRow({ row, onChoose }: { row: Row; onChoose: Props["onChoose"] }) {
  const data = [
    { value: "keep", label: "Bring along" },
    ...(mayMerge(row) ? [{ value: "merge", label: "Merge over" }] : []),
    { value: "leave", label: "Leave out" },
  ];
  return (
    <li className={classes.file} data-choice={row.choice}>
      <span className={classes.path}>{row.path}</span>
      <span className={classes.why}>
        {WHY[row.role]} · {bytesText(row.size)}
      </span>
      {row.isText ? (
        <NativeSelect
          className={classes.choice}
          size="xs"
          aria-label={`What becomes of ${row.path}`}
          data={data}
          value={row.choice}
          onChange={(event) => onChoose(row.path, event.currentTarget.value as Choice)}
        />
      ) : (
        <span className={classes.why}>no text, or over 1 MB</span>
      )}
    </li>
  );
}

function Missing({ need, onAdd }: { need: FileNeed; onAdd: Props["onAdd"] }) {
  const outside = need.path.startsWith("/") || need.path.startsWith("../") || need.path.startsWith("~");
  const folder = need.role === "context";
  return (
    <li className={classes.file}>
      <span className={`${classes.path} ${classes.missing}`}>{need.path}</span>
      <span className={classes.why}>
        {outside ? "outside of the folder" : `missing${need.named_in ? `, named in ${need.named_in}` : ""}`}
      </span>
      {!outside && !folder && (
        <FileButton onChange={(file) => file && onAdd(need.path, file)}>
          {(props) => (
            <Button {...props} size="compact-xs" variant="light" aria-label={`Add ${need.path}`}>
              Add it
            </Button>
          )}
        </FileButton>
      )}
    </li>
  );
}
