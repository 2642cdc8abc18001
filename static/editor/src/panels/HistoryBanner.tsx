// A pill over the canvas while an older version is shown: which one, against which, and the way back.
import { UnstyledButton } from "@mantine/core";
import { useEditor } from "../model/store";
import { leavePreview } from "./historyPreview";
import classes from "./StagedBanner.module.css";

export function HistoryBanner() {
  const preview = useEditor((state) => state.preview);
  if (!preview) return null;
  const counts = (["added", "changed", "removed"] as const).flatMap((change) => {
    const found = Object.values(preview.marks).filter(
      (one) => one.change === change && /^(service|network):/.test(one.id),
    ).length;
    return found ? [`${found} ${change}`] : [];
  });
  const against = preview.against ? ` against ${preview.against}` : "";
  const what = preview.against ? (counts.length ? `: ${counts.join(", ")}` : ": the same nodes") : "";
  return (
    <div className={classes.pill} role="status">
      <span className={classes.dot} aria-hidden />
      Looking at version {preview.version}
      {against}
      {what}
      <UnstyledButton className={classes.review} onClick={leavePreview}>
        Back to now
      </UnstyledButton>
    </div>
  );
}
