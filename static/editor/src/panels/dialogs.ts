// Which dialog of the editor is open. One at a time.
import { create } from "zustand";

export type DialogName = "down" | "delete" | "keys" | "run" | "share" | null;

export const useDialog = create<{ open: DialogName }>()(() => ({ open: null }));
export const openDialog = (open: DialogName) => useDialog.setState({ open });
