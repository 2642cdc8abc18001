// What is wrong with what is brought in, with file, line and fix. Nothing of it stops an import: the texts are kept as they are.
import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { Marked } from "../../ui/Marked";
import type { ProblemView } from "../../wire.gen";

const SHOWN = 6;

export function ImportProblems({ problems, valid }: { problems: ProblemView[]; valid: boolean }) {
  const [all, setAll] = useState(false);
  if (!problems.length) return null;
  const errors = problems.filter((one) => one.severity === "error").length;
  const shown = all ? problems : problems.slice(0, SHOWN);
  const title = errors
    ? `${errors} ${errors === 1 ? "error" : "errors"}${valid ? ", to be mended before Apply" : ""}`
    : `${problems.length} ${problems.length === 1 ? "hint" : "hints"}`;
  return (
    <Alert
      color={errors ? (valid ? "yellow" : "red") : "gray"}
      icon={<IconAlertTriangle size={18} />}
      title={title}
    >
      {!valid && (
        <Text size="sm" mb={6}>
          The graph appears once the text can be read. You can bring it in as it is and mend it in the code
          pane.
        </Text>
      )}
      {shown.map((one) => (
        <Text size="sm" key={`${one.file}${one.line}:${one.column}${one.code}${one.message}`}>
          <b>
            {one.file}
            {one.line > 0 && ` ${one.file ? "line" : "Line"} ${one.line}`}
            {(one.file || one.line > 0) && ": "}
          </b>
          <Marked text={`${one.message} ${one.fix}`} />
        </Text>
      ))}
      {problems.length > shown.length && (
        <Text
          size="sm"
          component="button"
          type="button"
          onClick={() => setAll(true)}
          c="dimmed"
          td="underline"
          bd={0}
          bg="none"
          p={0}
        >
          and {problems.length - shown.length} more
        </Text>
      )}
    </Alert>
  );
}
