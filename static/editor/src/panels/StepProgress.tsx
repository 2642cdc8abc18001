// How far an operation is: a bar for the whole, one for each layer of a pull that is under way, and what a build prints.
import type { StepView } from "../wire.gen";
import { layersOf } from "./plan";
import classes from "./StepProgress.module.css";

function Bar({ share, label, doing = "" }: { share: number; label: string; doing?: string }) {
  return (
    <span
      className={classes.bar}
      data-doing={doing || undefined}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <span style={{ width: `${share * 100}%` }} />
    </span>
  );
}

export function StepProgress({ step }: { step: StepView }) {
  const { line, layers } = layersOf(step.progress);
  const percent = step.share === null ? "" : `${Math.round(step.share * 100)} %`;
  const builds = step.kind === "build_image";
  return (
    <div className={classes.progress}>
      {builds && <code className={classes.build}>{line}</code>}
      <div className={classes.whole}>
        <span>{builds ? "Building" : line}</span>
        <span>{percent}</span>
      </div>
      {step.share !== null && <Bar share={step.share} label={builds ? "Build" : line} />}
      {layers.length > 0 && (
        <ul className={classes.layers}>
          {layers.map((layer) => (
            <li key={layer.id}>
              <code>{layer.id.slice(0, 8)}</code>
              <Bar share={layer.share ?? 0} label={`Layer ${layer.id} ${layer.doing}`} doing={layer.doing} />
              <span>
                {layer.doing} {layer.amount}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
