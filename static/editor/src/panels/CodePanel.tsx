// The stack's files as text: typed here, they show on the canvas; drawn there, only the lines it touches change here.
import { openSearchPanel } from "@codemirror/search";
import { IconAlertCircle, IconCopy, IconDownload, IconSearch, IconTextWrap } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { CodeFile } from "../code/CodeFile";
import { CodeTabs } from "../code/CodeTabs";
import { MAIN, textIn, useCodeFiles } from "../code/files";
import type { CodePane } from "../code/pane";
import { copyText, downloadText } from "../code/take";
import { editor, notify, useEditor, useMay } from "../model/store";
import { IconButton } from "../ui/IconButton";
import { Marked } from "../ui/Marked";
import classes from "./CodePanel.module.css";
import { ConvertFile } from "./ConvertFile";
import { showLine } from "./show";

const WRAP_KEY = "netyard-code-wrap";

const PATIENCE_MS = 500;

/** What cannot be read, and at which line; not in the middle of a word being typed. */
function Invalid() {
  const valid = useEditor((state) => state.stack?.valid ?? true);
  const first = useEditor((state) => state.stack?.problems.find((one) => one.severity === "error"));
  const draws = useMay("draw");
  const [late, setLate] = useState(!valid);
  useEffect(() => {
    const timer = setTimeout(() => setLate(!valid), valid ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [valid]);
  if (valid || !late) return null;
  const place = first?.line ? `Line ${first.line}${first.file ? ` of ${first.file}` : ""}` : "";
  return (
    <div className={classes.invalid} role="status">
      <IconAlertCircle size={16} aria-hidden />
      <span>
        {first && place && (
          <button type="button" className={classes.line} onClick={() => showLine(first.line, first.file)}>
            {place}
          </button>
        )}
        <Marked
          text={
            first
              ? `${place ? ": " : ""}${first.message} ${first.fix}`
              : "This cannot be read yet; the canvas shows the last design that could be."
          }
        />
      </span>
      {draws && first?.code === "legacy-v1" && <ConvertFile file={first.file} />}
    </div>
  );
}

function Tools({ pane, wrapped, onWrap }: { pane: CodePane | null; wrapped: boolean; onWrap: () => void }) {
  const active = useCodeFiles((state) => state.active);
  const name = useEditor((state) => state.stack?.file_name) || "compose.yaml";
  const text = () => textIn(editor.get(), active) ?? "";
  return (
    <div className={classes.tools}>
      <IconButton
        label="Find and replace"
        keys="Ctrl F"
        size={26}
        disabled={!pane}
        onClick={() => pane && openSearchPanel(pane.view)}
      >
        <IconSearch size={15} stroke={1.8} />
      </IconButton>
      <IconButton label="Wrap long lines" size={26} pressed={wrapped} onClick={onWrap}>
        <IconTextWrap size={15} stroke={1.8} />
      </IconButton>
      <IconButton
        label="Copy the text"
        size={26}
        disabled={!pane}
        onClick={async () => {
          const done = await copyText(pane?.view.state.doc.toString() ?? "");
          notify(done ? { tone: "good", message: "Copied." } : { message: "The browser did not copy it." });
        }}
      >
        <IconCopy size={15} stroke={1.8} />
      </IconButton>
      <IconButton
        label="Download the file"
        size={26}
        disabled={!pane}
        onClick={() => downloadText(active || name, text())}
      >
        <IconDownload size={15} stroke={1.8} />
      </IconButton>
    </div>
  );
}

export default function CodePanel() {
  const panes = useRef(new Map<string, CodePane>());
  const [, redraw] = useState(0);
  const [opened, setOpened] = useState<string[]>([]);
  const [wrapped, setWrapped] = useState(() => localStorage.getItem(WRAP_KEY) === "yes");
  const active = useCodeFiles((state) => state.active);
  const files = useEditor((state) => state.stack?.files);
  const stackId = useEditor((state) => state.stackId);
  const draws = useMay("draw");
  const there = (file: string) => file === MAIN || (files?.some((one) => one.path === file) ?? false);
  const gone = !there(active);

  useEffect(() => {
    if (gone) useCodeFiles.setState({ active: MAIN }); // removed or renamed, here or by another
  }, [gone]);
  useEffect(() => setOpened((before) => (before.includes(active) ? before : [...before, active])), [active]);
  useEffect(() => localStorage.setItem(WRAP_KEY, wrapped ? "yes" : "no"), [wrapped]);

  const onPane = useCallback((file: string, pane: CodePane | null) => {
    if (pane) panes.current.set(file, pane);
    else panes.current.delete(file);
    redraw((count) => count + 1);
  }, []);

  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <CodeTabs />
        <Tools
          pane={panes.current.get(active) ?? null}
          wrapped={wrapped}
          onWrap={() => setWrapped((now) => !now)}
        />
      </div>
      {opened.filter(there).map((file) => (
        <CodeFile
          key={`${stackId}:${file}`}
          file={file}
          shown={file === active}
          wrapped={wrapped}
          onPane={onPane}
        />
      ))}
      <Invalid />
      <div className={classes.foot}>
        {draws
          ? "Saved as you type. Ctrl Space completes, F12 goes to a name, Esc then Tab leaves."
          : "Read-only"}
      </div>
    </div>
  );
}
