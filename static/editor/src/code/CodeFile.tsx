// One file of the stack in the code pane; it stays open behind others, so that its own undo and place are kept.
import { Center, Loader } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { editor, useEditor, useMay } from "../model/store";
import { useCodeLine } from "../panels/show";
import { lineOfNodes } from "./block";
import classes from "./CodeFile.module.css";
import type { Target } from "./definition";
import { companion, followText, MAIN, showFile, textIn } from "./files";
import { type CodePane, openPane } from "./pane";

interface Props {
  file: string;
  shown: boolean;
  wrapped: boolean;
  onPane: (file: string, pane: CodePane | null) => void;
}

function goTo(target: Target, file: string): void {
  if (target.file && target.file !== file) showFile(target.file);
  useCodeLine.setState((state) => ({ line: target.line, file: target.file || file, asked: state.asked + 1 }));
}

export function CodeFile({ file, shown, wrapped, onPane }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const pane = useRef<CodePane | null>(null);
  const draws = useMay("draw");
  const hidden = useEditor((state) => companion(state, file)?.hidden ?? false);
  const role = useEditor((state) => companion(state, file)?.role ?? "compose");
  const [ready, setReady] = useState(() => textIn(editor.get(), file) !== null);

  useEffect(
    () => (ready || hidden ? undefined : followText(file, () => setReady(true))),
    [file, ready, hidden],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: wrapping is changed on the open pane below
  useEffect(() => {
    const parent = box.current;
    const text = textIn(editor.get(), file);
    if (!parent || !ready || hidden || text === null) return;
    const opened = openPane({
      parent,
      file,
      role,
      text,
      draws,
      wrapped,
      open: (target) => goTo(target, file),
    });
    pane.current = opened;
    onPane(file, opened);
    const follow = ({ line, file: of, asked }: { line: number; file: string; asked: number }) => {
      if (of !== file || !line || !asked) return;
      useCodeLine.setState({ line: 0 });
      requestAnimationFrame(() => pane.current === opened && opened.show(line, { caret: true }));
    };
    const stop = useCodeLine.subscribe(follow);
    const asked = useCodeLine.getState();
    if (asked.line > 0 && asked.file === file) follow(asked);
    else if (file === MAIN) {
      const { stack, selection } = editor.get();
      requestAnimationFrame(
        () => pane.current === opened && opened.show(lineOfNodes(stack?.graph, selection), { caret: false }),
      );
    }
    return () => {
      stop();
      pane.current = null;
      onPane(file, null);
      opened.close();
    };
  }, [file, draws, ready, hidden, role]);

  useEffect(() => pane.current?.wrap(wrapped), [wrapped]);
  useEffect(() => {
    if (shown) pane.current?.view.requestMeasure();
  }, [shown]);

  return (
    <div className={classes.file} hidden={!shown}>
      {hidden ? (
        <Center className={classes.none}>
          <IconLock size={18} aria-hidden /> Its values are shown to those who may change the stack.
        </Center>
      ) : ready ? (
        <div ref={box} className={classes.editor} />
      ) : (
        <Center className={classes.none}>
          <Loader size="sm" aria-label="Loading" />
        </Center>
      )}
    </div>
  );
}
