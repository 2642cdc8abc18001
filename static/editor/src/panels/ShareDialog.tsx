// Sharing on a narrow page, where the bar has no room for its menu.
import { Modal } from "@mantine/core";
import { openDialog, useDialog } from "./dialogs";
import { ShareList } from "./ShareMenu";

export function ShareDialog() {
  const open = useDialog((state) => state.open === "share");
  return (
    <Modal opened={open} onClose={() => openDialog(null)} title={<b>Share</b>} radius="lg" centered>
      {open && <ShareList />}
    </Modal>
  );
}
