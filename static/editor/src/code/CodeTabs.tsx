// The stack's files above the code: the main text first, then its companions; to add, rename, remove.
import { Button, Menu, Modal, Popover, TextInput } from "@mantine/core";
import { IconChevronDown, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useEditor, useMay } from "../model/store";
import { IconButton } from "../ui/IconButton";
import classes from "./CodeTabs.module.css";
import {
  addFile,
  countsByFile,
  MAIN,
  pathProblem,
  removeFile,
  renameFile,
  showFile,
  useCodeFiles,
} from "./files";

function NameForm({
  start,
  action,
  onDone,
}: {
  start: string;
  action: string;
  onDone: (path: string) => void;
}) {
  const files = useEditor((state) => state.stack?.files) ?? [];
  const [path, setPath] = useState(start);
  const [tried, setTried] = useState(false);
  const problem = pathProblem(path.trim(), path.trim() === start ? [] : files.map((one) => one.path));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!problem) onDone(path.trim());
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label="Path of the file"
        placeholder=".env"
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
        error={tried && problem}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        autoFocus
      />
      <Button type="submit" size="xs">
        {action}
      </Button>
    </form>
  );
}

function AddFile() {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      trapFocus
      position="bottom-start"
      withArrow
      shadow="md"
      width={280}
    >
      <Popover.Target>
        <IconButton label="Add a file" size={26} aria-expanded={open} onClick={() => setOpen((now) => !now)}>
          <IconPlus size={15} stroke={1.8} />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown>
        <NameForm
          start=""
          action="Add"
          onDone={async (path) => {
            setOpen(false);
            if (await addFile(path)) showFile(path);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function FileMenu({ path }: { path: string }) {
  const [asking, setAsking] = useState<"rename" | "remove" | null>(null);
  const close = () => setAsking(null);
  return (
    <>
      <Menu position="bottom-start" shadow="md" width={160}>
        <Menu.Target>
          <button type="button" className={classes.menu} aria-label={`More for ${path}`}>
            <IconChevronDown size={13} stroke={2} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setAsking("rename")}>
            Rename…
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setAsking("remove")}>
            Remove…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={asking === "rename"} onClose={close} title={`Rename ${path}`} size="sm">
        <p className={classes.hint}>What names the file in the texts stays as it is.</p>
        <NameForm
          start={path}
          action="Rename"
          onDone={async (to) => {
            close();
            if (to !== path && (await renameFile(path, to))) showFile(to);
          }}
        />
      </Modal>
      <Modal opened={asking === "remove"} onClose={close} title={`Remove ${path}?`} size="sm">
        <p className={classes.hint}>It leaves the stack. Undo brings it back.</p>
        <div className={classes.buttons}>
          <Button size="xs" variant="default" onClick={close}>
            Keep it
          </Button>
          <Button
            size="xs"
            color="red"
            data-autofocus
            onClick={async () => {
              close();
              if (await removeFile(path)) showFile(MAIN);
            }}
          >
            Remove
          </Button>
        </div>
      </Modal>
    </>
  );
}

function Tab({ file, name, shown }: { file: string; name: string; shown: boolean }) {
  const waiting = useCodeFiles((state) => state.waiting[file] ?? false);
  const problems = useEditor((state) => state.stack?.problems) ?? [];
  const counts = countsByFile(problems)[file];
  const worst = counts?.errors ? "error" : counts?.warnings ? "warning" : "";
  const count = counts?.errors || counts?.warnings || 0;
  const folder = name.lastIndexOf("/") + 1;
  return (
    <button
      type="button"
      role="tab"
      id={`code-tab-${file || "main"}`}
      aria-selected={shown}
      tabIndex={shown ? 0 : -1}
      title={name}
      className={classes.tab}
      onClick={() => showFile(file)}
    >
      <span className={classes.name}>
        {folder > 0 && <small>{name.slice(0, folder)}</small>}
        {name.slice(folder)}
      </span>
      {count > 0 && (
        <span className={classes.count} data-worst={worst} title={`${count} ${worst}${count > 1 ? "s" : ""}`}>
          {count}
          <span className={classes.unseen}> {count > 1 ? `${worst}s` : worst}</span>
        </span>
      )}
      {waiting && <i className={classes.dot} title="Not saved yet" />}
    </button>
  );
}

export function CodeTabs() {
  const active = useCodeFiles((state) => state.active);
  const files = useEditor((state) => state.stack?.files) ?? [];
  const main = useEditor((state) => state.stack?.file_name) || "compose.yaml";
  const draws = useMay("draw");
  const all = [{ path: MAIN, name: main }, ...files.map(({ path }) => ({ path, name: path }))];
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || !(event.target as Element).matches("[role=tab]")) return;
    event.preventDefault();
    const at = all.findIndex((one) => one.path === active);
    const next = all[(at + by + all.length) % all.length] as (typeof all)[number];
    showFile(next.path);
    document.getElementById(`code-tab-${next.path || "main"}`)?.focus();
  };
  return (
    <div className={classes.bar}>
      <div className={classes.tabs} role="tablist" aria-label="Files of the stack" onKeyDown={onKeyDown}>
        {all.map(({ path, name }) => (
          <span key={path} className={classes.item} data-shown={path === active || undefined}>
            <Tab file={path} name={name} shown={path === active} />
            {path !== MAIN && path === active && draws && <FileMenu path={path} />}
          </span>
        ))}
      </div>
      {draws && <AddFile />}
    </div>
  );
}
