// The image, with those the engine has as suggestions, and the command as a shell line.
import { Autocomplete } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { checkImage } from "../../model/forms";
import { problemsAt } from "../../model/problems";
import { useEditor } from "../../model/store";
import { joinWords, splitWords } from "../../model/words";
import { CommitInput } from "../../ui/CommitInput";
import { Section } from "../../ui/Section";
import { useImages } from "../useImages";
import { setKey } from "./changes";
import fields from "./fields.module.css";
import type { SectionProps } from "./ServiceInspector";

function ImageField({ service, readOnly }: SectionProps) {
  const images = useImages();
  const [draft, setDraft] = useState<string | null>(null);
  const sent = useRef<string | null>(null);
  const written = typeof service.keys.image === "string" ? service.keys.image : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: another image, from wherever, ends the typing
  useEffect(() => setDraft(null), [written]);
  const problem = draft === null ? null : checkImage(draft.trim());
  const tags = images.map((one) => one.tag);
  const has = tags.includes(written) || tags.includes(`${written}:latest`);
  const commit = (text: string) => {
    const image = text.trim();
    if (image === written) setDraft(null);
    else if (!checkImage(image) && sent.current !== image) {
      sent.current = image;
      setKey(service.name, ["image"], image, "Image").finally(() => {
        sent.current = null;
      });
    }
  };
  return (
    <Autocomplete
      size="xs"
      className={fields.mono}
      label="Image"
      placeholder={service.build ? "built from a Dockerfile" : "nginx:alpine"}
      readOnly={readOnly}
      data={tags}
      limit={12}
      value={draft ?? written}
      error={problem}
      description={
        written && images.length > 0 ? (has ? "On the engine" : "Pulled when it is applied") : undefined
      }
      inputWrapperOrder={["label", "input", "error", "description"]}
      onChange={setDraft}
      onOptionSubmit={commit}
      onBlur={() => draft !== null && commit(draft)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && draft !== null) commit(draft);
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}

export function BasicsSection({ service, readOnly }: SectionProps) {
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const path = ["services", service.name];
  const found = [...problemsAt(problems, [...path, "image"]), ...problemsAt(problems, [...path, "command"])];
  const written = service.keys.command;
  const asText = typeof written === "string";
  const shown = asText
    ? written
    : joinWords(Array.isArray(written) ? written.map(String) : (service.command ?? []));
  return (
    <Section title="Image and command" open problems={found}>
      <ImageField service={service} readOnly={readOnly} />
      <CommitInput
        className={fields.mono}
        label="Command"
        placeholder="the image's own"
        value={shown}
        readOnly={readOnly}
        check={(text) => (splitWords(text) ? null : "A quote is not closed.")}
        onCommit={(text) =>
          setKey(service.name, ["command"], asText ? text : (splitWords(text) ?? []), "Command")
        }
      />
    </Section>
  );
}
