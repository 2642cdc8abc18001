// Deleting a stack's design: for good, and only while nothing of it exists on the engine.
import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { useEditor } from "../model/store";
import { ApiError, remove } from "../sync/api";
import { openDialog, useDialog } from "./dialogs";

function DeleteBody() {
  const stack = useEditor((state) => state.stack);
  const exists = useEditor((state) => (state.status?.containers.length ?? 0) > 0);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [, navigate] = useLocation();
  if (!stack) return null;
  if (exists)
    return (
      <>
        <p>Its containers are still on the engine. Take the stack down first; then it can be deleted.</p>
        <Button fullWidth variant="default" onClick={() => openDialog("down")}>
          Take down…
        </Button>
      </>
    );
  const go = async () => {
    setBusy(true);
    try {
      await remove(`stacks/${stack.id}`);
      openDialog(null);
      navigate("/");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(`${error.message} ${error.fix}`);
      setBusy(false);
    }
  };
  return (
    <>
      <p>
        The design, its history and its timeline are deleted for good. Export it first if you may want it
        again.
      </p>
      <TextInput
        label={`Type ${stack.name} to confirm`}
        value={typed}
        error={problem}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button
        mt="md"
        fullWidth
        color="red"
        loading={busy}
        disabled={typed.trim() !== stack.name}
        onClick={go}
      >
        Delete {stack.name}
      </Button>
    </>
  );
}

export function DeleteDialog() {
  const open = useDialog((state) => state.open === "delete");
  return (
    <Modal
      opened={open}
      onClose={() => openDialog(null)}
      title={<b>Delete the stack</b>}
      radius="lg"
      centered
    >
      {open && <DeleteBody />}
    </Modal>
  );
}
