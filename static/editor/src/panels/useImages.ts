// The images that the stack's engine has; read once an engine, and again when it comes back.
import { useEffect } from "react";
import { create } from "zustand";
import { useEditor } from "../model/store";
import { get } from "../sync/api";
import type { ImageView } from "../wire.gen";

const useStore = create<{ of: string; images: ImageView[] }>()(() => ({ of: "", images: [] }));

export function useImages(): ImageView[] {
  const engineId = useEditor((state) => (state.engine?.reachable && !state.guest ? state.engine.id : ""));
  const images = useStore((state) => state.images);
  useEffect(() => {
    if (!engineId || useStore.getState().of === engineId) return;
    useStore.setState({ of: engineId });
    get<ImageView[]>(`engines/${engineId}/images`).then(
      (found) => useStore.setState({ images: found.toSorted((a, b) => a.tag.localeCompare(b.tag)) }),
      () => useStore.setState({ of: "" }), // the palette works without; it is asked again with the next mount
    );
  }, [engineId]);
  return images;
}
