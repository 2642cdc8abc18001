// A stack's file of the first Compose format, made one of the current form where it stands; undone like any edit.
import { Button } from "@mantine/core";
import { useState } from "react";
import { textIn } from "../code/files";
import { editor, notify } from "../model/store";
import { ApiError, post } from "../sync/api";
import { edit } from "../sync/session";
import type { ConvertedText } from "../wire.gen";

async function convert(file: string): Promise<void> {
  const text = textIn(editor.get(), file) ?? "";
  try {
    const made = await post<ConvertedText>("compose/convert", { text, bridge: false });
    if (!made.text) {
      notify({
        message: made.problems[0]?.message ?? "It cannot be converted.",
        fix: made.problems[0]?.fix ?? "",
      });
    } else if (
      await edit({ kind: "replace_text", text: made.text, file }, { label: "Convert to the current form" })
    ) {
      for (const note of made.notes) notify({ tone: "info", message: note });
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notify({ message: `It was not converted: ${error.message}`, fix: error.fix });
  }
}

export function ConvertFile({ file }: { file: string }) {
  const [busy, setBusy] = useState(false);
  return (
    <Button
      size="xs"
      loading={busy}
      onClick={() => {
        setBusy(true);
        convert(file).finally(() => setBusy(false));
      }}
    >
      Convert
    </Button>
  );
}
