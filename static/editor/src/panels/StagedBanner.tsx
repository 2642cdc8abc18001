// A pill over the canvas: how many edits are not on the engine, and the way to look at them.
import { UnstyledButton } from "@mantine/core";
import { editsNotApplied } from "../model/live";
import { useEditor, useMay } from "../model/store";
import { plural } from "../ui/format";
import { isUnderWay, planNow } from "./apply";
import classes from "./StagedBanner.module.css";

export function StagedBanner() {
  const stack = useEditor((state) => state.stack);
  const plan = useEditor((state) => state.plan);
  const underWay = useEditor((state) => isUnderWay(state.run));
  const side = useEditor((state) => state.side);
  const looks = useMay("look");
  const preview = useEditor((state) => state.preview !== null);
  if (!stack || !looks || preview || underWay || side === "plan") return null;
  const edits = editsNotApplied(stack);
  if (!edits || stack.graph.services.length + stack.graph.networks.length === 0) return null;
  const known = plan?.version === stack.version;
  if (known && plan.operations.length === 0) return null;
  const text =
    stack.applied_version === 0
      ? "This stack has not been applied yet"
      : `${plural(edits, "change")} not applied`;
  return (
    <div className={classes.pill} role="status">
      <span className={classes.dot} aria-hidden />
      {text}
      <UnstyledButton className={classes.review} onClick={planNow}>
        Review
      </UnstyledButton>
    </div>
  );
}
