// What an empty canvas says: three ways to begin.
import { Button, Kbd } from "@mantine/core";
import { IconNetwork, IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { addNetworkAt } from "../model/additions";
import { useEditor, useMay } from "../model/store";
import { viewCenter } from "./camera";
import classes from "./EmptyState.module.css";
import { openQuickAdd } from "./keys";
import { useCanvas } from "./state";

export function EmptyState() {
  const loaded = useEditor((state) => state.stack !== null);
  const valid = useEditor((state) => state.stack?.valid ?? true);
  const empty = useCanvas(
    (state) => !state.drawing.services.size && !state.drawing.bars.size && !state.ghost && !state.popup,
  );
  const mayDraw = useMay("draw");
  if (!loaded || !empty) return null;
  if (!valid)
    return (
      <div className={classes.empty}>
        <h2 className={classes.title}>The file cannot be read yet</h2>
        <p className={classes.text}>Open the code pane: it marks the line that needs mending.</p>
      </div>
    );
  if (!mayDraw)
    return (
      <div className={classes.empty}>
        <h2 className={classes.title}>Nothing drawn yet</h2>
        <p className={classes.text}>You may look at this stack; what others draw appears here at once.</p>
      </div>
    );
  return (
    <div className={classes.empty}>
      <Sketch />
      <h2 className={classes.title}>Draw your stack</h2>
      <p className={classes.text}>
        Drag a service here, or press <Kbd size="xs">/</Kbd> to add one where the pointer is.
      </p>
      <div className={classes.actions}>
        <Button leftSection={<IconPlus size={16} />} onClick={openQuickAdd}>
          Add a service
        </Button>
        <Button
          variant="default"
          leftSection={<IconNetwork size={16} />}
          onClick={() => addNetworkAt(viewCenter())}
        >
          Add a network
        </Button>
      </div>
      <p className={classes.aside}>
        New to this? <Link href="/?new=example">Start from an example</Link>
      </p>
    </div>
  );
}

/** Two cards on a bar: what a stack looks like here. */
function Sketch() {
  return (
    <svg className={classes.sketch} viewBox="0 0 220 92" aria-hidden="true">
      <rect x="10" y="8" width="200" height="14" rx="7" className={classes.bar} />
      <path d="M60 22V46M160 22V46" className={classes.wire} />
      <rect x="20" y="46" width="80" height="40" rx="8" className={classes.box} />
      <rect x="120" y="46" width="80" height="40" rx="8" className={classes.box} />
      <path d="M32 60h34M32 70h22M132 60h34M132 70h22" className={classes.words} />
    </svg>
  );
}
