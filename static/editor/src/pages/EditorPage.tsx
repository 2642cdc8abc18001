// The editor: one stack open, its canvas in the middle, and around it what one adds, reads and does.
import { Center, Loader } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect } from "react";
import { Canvas } from "../canvas/Canvas";
import { focusNode } from "../canvas/camera";
import { watchSamples } from "../model/recent";
import { editor, useEditor, useMay } from "../model/store";
import { BottomPanel } from "../panels/BottomPanel";
import { DeleteDialog } from "../panels/DeleteDialog";
import { DownDialog } from "../panels/DownDialog";
import { EngineBanner } from "../panels/EngineBanner";
import { HistoryBanner } from "../panels/HistoryBanner";
import { NarrowSheets } from "../panels/NarrowSheets";
import { Palette } from "../panels/Palette";
import { Refused } from "../panels/Refused";
import { RunLinesDialog } from "../panels/RunLinesDialog";
import { ShareDialog } from "../panels/ShareDialog";
import { ShortcutsDialog } from "../panels/ShortcutsDialog";
import { SidePanel } from "../panels/SidePanel";
import { StagedBanner } from "../panels/StagedBanner";
import { TopBar } from "../panels/TopBar";
import { usePageKeys } from "../panels/usePageKeys";
import { closeStack, openStack } from "../sync/session";
import { Notices } from "../ui/Notices";
import classes from "./EditorPage.module.css";

function useOpenStack(id: string, guest: boolean): void {
  useEffect(() => {
    openStack(id, { guest });
    if (window.matchMedia?.("(max-width: 860px)").matches) editor.set({ side: null });
    const stop = watchSamples();
    return () => {
      stop();
      closeStack();
    };
  }, [id, guest]);
}

export default function EditorPage({ id, guest = false }: { id: string; guest?: boolean }) {
  useOpenStack(id, guest);
  usePageKeys();
  const narrow = useMediaQuery("(max-width: 860px)");
  const loaded = useEditor((state) => state.stack !== null);
  const name = useEditor((state) => state.stack?.name ?? "");
  const refused = useEditor((state) => (state.socket === "refused" ? state.refusedCode : 0));
  const draws = useMay("draw");

  useEffect(() => {
    document.title = name ? `${name} · Netyard` : "Netyard";
  }, [name]);

  if (refused) return <Refused code={refused} guest={guest} />;
  if (!loaded)
    return (
      <Center h="100dvh">
        <Loader aria-label="Loading the stack" />
      </Center>
    );
  return (
    <div className={classes.page}>
      <button type="button" className={classes.skip} onClick={() => focusNode()}>
        Skip to the canvas
      </button>
      <TopBar />
      <EngineBanner />
      <div className={classes.body}>
        {draws && !narrow && (
          <div className={classes.left}>
            <Palette />
          </div>
        )}
        <main className={classes.middle}>
          <div className={classes.canvas}>
            <Canvas />
            <StagedBanner />
            <HistoryBanner />
          </div>
          {!narrow && <BottomPanel />}
        </main>
        {!narrow && <SidePanel />}
      </div>
      {narrow && <NarrowSheets />}
      <DownDialog />
      <DeleteDialog />
      <RunLinesDialog />
      <ShareDialog />
      <ShortcutsDialog />
      <Notices />
    </div>
  );
}
