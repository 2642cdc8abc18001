// Words of the server with its `names` set as code: the marks themselves are not shown.
import classes from "./Marked.module.css";

export function Marked({ text }: { text: string }) {
  const parts = text.split("`");
  if (parts.length < 3) return text;
  return parts.map((part, index) =>
    index % 2 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <code key={index} className={classes.name}>
        {part}
      </code>
    ) : (
      part
    ),
  );
}
