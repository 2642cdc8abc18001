// What differs between two versions: the nodes with their keys, then the lines of each file, in one column or side by side.
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Difference, DifferenceHunk, FileDifference, NodeDifference } from "../wire.gen";
import classes from "./HistoryDiff.module.css";
import { subjectWords } from "./plan";
import { showOnCanvas } from "./show";

type Kind = DifferenceHunk["lines"][number]["kind"];
export interface NumberedLine {
  kind: Kind;
  text: string;
  oldLine: number;
  newLine: number;
}
export type Pair = [NumberedLine | null, NumberedLine | null];

const SIGNS: Record<Kind, string> = { same: " ", added: "+", removed: "−" };

/** A hunk's lines with their numbers in either text. */
export function numbered(hunk: DifferenceHunk): NumberedLine[] {
  let [oldLine, newLine] = [hunk.old_line, hunk.new_line];
  return hunk.lines.map(({ kind, text }) => {
    const line = { kind, text, oldLine, newLine };
    if (kind !== "added") oldLine++;
    if (kind !== "removed") newLine++;
    return line;
  });
}

/** Lines in two columns: what was removed beside what came in its place. */
export function paired(lines: NumberedLine[]): Pair[] {
  const pairs: Pair[] = [];
  let [removed, added]: [NumberedLine[], NumberedLine[]] = [[], []];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++)
      pairs.push([removed[at] ?? null, added[at] ?? null]);
    [removed, added] = [[], []];
  };
  for (const line of lines) {
    if (line.kind === "removed") removed.push(line);
    else if (line.kind === "added") added.push(line);
    else {
      flush();
      pairs.push([line, line]);
    }
  }
  flush();
  return pairs;
}

function Unified({ hunk }: { hunk: DifferenceHunk }) {
  return (
    <table className={classes.lines}>
      <tbody>
        {numbered(hunk).map((line) => (
          <tr key={`${line.oldLine}:${line.newLine}:${line.kind}`} data-kind={line.kind}>
            <td className={classes.number}>{line.kind === "added" ? "" : line.oldLine}</td>
            <td className={classes.number}>{line.kind === "removed" ? "" : line.newLine}</td>
            <td className={classes.sign}>{SIGNS[line.kind]}</td>
            <td className={classes.text}>{line.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Half({ line, side }: { line: NumberedLine | null; side: "old" | "new" }) {
  const kind = line?.kind ?? "none";
  return (
    <>
      <td className={classes.number} data-kind={kind}>
        {line ? (side === "old" ? line.oldLine : line.newLine) : ""}
      </td>
      <td className={classes.text} data-kind={kind}>
        {line?.text ?? ""}
      </td>
    </>
  );
}

function SideBySide({ hunk }: { hunk: DifferenceHunk }) {
  return (
    <table className={classes.lines} data-sides>
      <tbody>
        {paired(numbered(hunk)).map(([left, right]) => (
          <tr key={`${left?.oldLine ?? ""}:${right?.newLine ?? ""}`}>
            <Half line={left} side="old" />
            <Half line={right} side="new" />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FileLines({ file, sides, name }: { file: FileDifference; sides: boolean; name: string }) {
  return (
    <section className={classes.file} aria-label={`${name}, ${file.change}`}>
      <h4>
        {name}
        {file.change !== "changed" && <span data-kind={file.change}>{file.change}</span>}
      </h4>
      {file.hidden && <p>It differs. Its lines hold values that only those who may draw see.</p>}
      {file.hunks.map((hunk) =>
        sides ? (
          <SideBySide key={`${hunk.old_line}:${hunk.new_line}`} hunk={hunk} />
        ) : (
          <Unified key={`${hunk.old_line}:${hunk.new_line}`} hunk={hunk} />
        ),
      )}
    </section>
  );
}

function NodeLine({ node }: { node: NodeDifference }) {
  const [name, kind] = subjectWords(node.id);
  return (
    <li data-kind={node.change}>
      <button type="button" onClick={() => showOnCanvas(node.id)}>
        {name}
      </button>
      <span>
        {kind} {node.change}
        {node.fields.length > 0 && `: ${node.fields.join(", ")}`}
      </span>
    </li>
  );
}

export function HistoryDiff({ difference, mainName }: { difference: Difference; mainName: string }) {
  const [sides, setSides] = useState(false);
  if (!difference.files.length && !difference.nodes.length)
    return <p className={classes.none}>Nothing differs.</p>;
  return (
    <div className={classes.diff}>
      {difference.nodes.length > 0 && (
        <ul className={classes.nodes}>
          {difference.nodes.map((one) => (
            <NodeLine key={one.id} node={one} />
          ))}
        </ul>
      )}
      {difference.files.length > 0 && (
        <SegmentedControl
          size="xs"
          value={sides ? "sides" : "unified"}
          onChange={(value) => setSides(value === "sides")}
          data={[
            { value: "unified", label: "One column" },
            { value: "sides", label: "Side by side" },
          ]}
          aria-label="How lines are shown"
        />
      )}
      {difference.files.map((file) => (
        <FileLines key={file.path} file={file} sides={sides} name={file.path || mainName} />
      ))}
    </div>
  );
}
