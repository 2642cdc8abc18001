// What the editor has to say, at the lower edge: errors stay until dismissed, the rest goes by itself.
import { CloseButton } from "@mantine/core";
import { IconAlertCircle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useEffect } from "react";
import type { Notice } from "../model/state";
import { dismiss, useEditor } from "../model/store";
import { Marked } from "./Marked";
import classes from "./Notices.module.css";

const SHOWN_MS = 5000;
const ICONS = { error: IconAlertCircle, info: IconInfoCircle, good: IconCircleCheck };

function NoticeCard({ notice }: { notice: Notice }) {
  const Icon = ICONS[notice.tone];
  useEffect(() => {
    if (notice.tone === "error") return;
    const timer = setTimeout(() => dismiss(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div
      className={classes.notice}
      data-tone={notice.tone}
      role={notice.tone === "error" ? "alert" : "status"}
    >
      <Icon size={18} aria-hidden />
      <div className={classes.text}>
        <div>
          <Marked text={notice.message} />
        </div>
        {notice.fix && (
          <div className={classes.fix}>
            <Marked text={notice.fix} />
          </div>
        )}
        {notice.problems.slice(0, 3).map((one) => (
          <div key={`${one.code}${one.message}`} className={classes.fix}>
            {one.line > 0 ? `Line ${one.line}: ` : ""}
            <Marked text={`${one.message} ${one.fix}`} />
          </div>
        ))}
      </div>
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(notice.id)} />
    </div>
  );
}

export function Notices() {
  const notices = useEditor((state) => state.notices);
  return (
    <div className={classes.stack}>
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}
