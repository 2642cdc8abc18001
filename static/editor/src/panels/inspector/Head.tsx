// The inspector's head: what it is, its name (renamed in place), its state, and what one does with it at once.
import type { ReactNode } from "react";
import { CommitInput } from "../../ui/CommitInput";
import classes from "./Head.module.css";

interface Props {
  icon: ReactNode;
  name: string;
  kind: string;
  check?: (text: string) => string | null;
  onRename?: (name: string) => void;
  badge?: ReactNode;
  actions?: ReactNode;
}

export function Head({ icon, name, kind, check, onRename, badge, actions }: Props) {
  return (
    <div className={classes.head}>
      {icon}
      <div className={classes.middle}>
        {onRename ? (
          <CommitInput
            variant="unstyled"
            classNames={{ input: classes.name }}
            aria-label={`Name of the ${kind}`}
            value={name}
            check={check}
            onCommit={onRename}
          />
        ) : (
          <div className={classes.plain}>{name}</div>
        )}
        <div className={classes.line}>
          <span className={classes.kind}>{kind}</span>
          {badge}
        </div>
      </div>
      <div className={classes.actions}>{actions}</div>
    </div>
  );
}
