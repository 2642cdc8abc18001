// Read-only links to this stack: made, copied once, revoked. People are the team's, on its own page.
import { Anchor, Button, CopyButton, Loader, Popover, TextInput } from "@mantine/core";
import { IconCheck, IconCopy, IconLink, IconShare2, IconTrash, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { notify, useEditor } from "../model/store";
import { ApiError, get, post, remove } from "../sync/api";
import { agoText } from "../ui/format";
import { IconButton } from "../ui/IconButton";
import type { Share } from "../wire.gen";
import classes from "./ShareMenu.module.css";

const linkOf = (share: Share) => `${window.location.origin}/shared#${share.token}`;

function FreshLink({ share }: { share: Share }) {
  return (
    <div className={classes.fresh}>
      <TextInput
        size="xs"
        readOnly
        aria-label="The link"
        value={linkOf(share)}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={linkOf(share)}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            onClick={copy}
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          >
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
      <p>It is shown this once. Whoever has it sees this stack, without secrets, until you revoke it.</p>
    </div>
  );
}

/** A link made before the list came is kept: it alone has its token. */
const withListed = (made: Share[], listed: Share[]) => [
  ...made,
  ...listed.filter((one) => !made.some((each) => each.id === one.id)),
];

export function ShareList() {
  const stackId = useEditor((state) => state.stack?.id ?? "");
  const teamId = useEditor((state) => state.stack?.team_id ?? "");
  const teamName = useEditor((state) => state.stack?.team_name ?? "");
  const [shares, setShares] = useState<Share[] | null>(null);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);

  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notify({ message: error.message, fix: error.fix });
    } finally {
      setBusy(false);
    }
  };
  if (!asked) {
    setAsked(true);
    get<Share[]>(`stacks/${stackId}/shares`).then(
      (listed) => setShares((made) => withListed(made ?? [], listed)),
      (error: Error) => {
        setShares((made) => made ?? []);
        notify({ message: error.message });
      },
    );
  }
  const create = () =>
    run(async () => {
      const share = await post<Share>(`stacks/${stackId}/shares`);
      setShares((before) => [share, ...(before ?? [])]);
    });
  const revoke = (share: Share) =>
    run(async () => {
      await remove(`shares/${share.id}`);
      setShares((before) => before?.filter((one) => one.id !== share.id) ?? []);
      notify({ tone: "good", message: "The link no longer works." });
    });
  const fresh = shares?.find((one) => one.token);
  return (
    <div className={classes.box}>
      <div className={classes.title}>Share this stack</div>
      <Anchor component={Link} href={`/teams/${teamId}`} size="sm" className={classes.people}>
        <IconUsers size={16} /> Invite people to {teamName}
      </Anchor>
      <div className={classes.sub}>Read-only links</div>
      {!shares && <Loader size="xs" aria-label="Loading" />}
      {fresh && <FreshLink share={fresh} />}
      {shares?.map((share) => (
        <div key={share.id} className={classes.share}>
          <IconLink size={15} aria-hidden />
          <span>
            Made {agoText(share.created_at, Date.now() / 1000)} by {share.created_by}
            <small>
              {share.last_used_at
                ? `last used ${agoText(share.last_used_at, Date.now() / 1000)}`
                : "never used"}
            </small>
          </span>
          <IconButton
            size={26}
            color="red"
            label="Revoke this link"
            disabled={busy}
            onClick={() => revoke(share)}
          >
            <IconTrash size={15} />
          </IconButton>
        </div>
      ))}
      {shares?.length === 0 && <p className={classes.none}>There is no link to this stack.</p>}
      <Button
        size="xs"
        variant="default"
        loading={busy}
        leftSection={<IconLink size={15} />}
        onClick={create}
      >
        New link
      </Button>
    </div>
  );
}

export function ShareMenu() {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={350}
      position="bottom-end"
      shadow="lg"
      radius="lg"
      trapFocus
    >
      <Popover.Target>
        <IconButton label="Share" onClick={() => setOpen(!open)} aria-expanded={open}>
          <IconShare2 size={17} stroke={1.8} />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown p="md">{open && <ShareList />}</Popover.Dropdown>
    </Popover>
  );
}
