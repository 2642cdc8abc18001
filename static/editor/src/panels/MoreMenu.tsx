// The rest of what one does with a stack: export, stop and start, take down, delete; on a narrow page also the bar's own buttons.
import { Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDots,
  IconDownload,
  IconKeyboard,
  IconMoon,
  IconPhoto,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconShare2,
  IconStackPop,
  IconSun,
  IconTerminal2,
  IconTrash,
  IconWand,
} from "@tabler/icons-react";
import { tidy } from "../canvas/layout";
import { useEditor, useMay } from "../model/store";
import { redo, requestRun, undo } from "../sync/session";
import { IconButton } from "../ui/IconButton";
import { isUnderWay } from "./apply";
import { openDialog } from "./dialogs";
import { takeFile } from "./takeFile";

function NarrowItems() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const undoLabel = useEditor((state) => state.undo.at(-1)?.label);
  const redoLabel = useEditor((state) => state.redo.at(-1)?.label);
  const draws = useMay("draw");
  const manages = useMay("manage");
  const Theme = scheme === "light" ? IconMoon : IconSun;
  return (
    <>
      {draws && (
        <>
          <Menu.Item leftSection={<IconArrowBackUp size={16} />} disabled={!undoLabel} onClick={undo}>
            Undo{undoLabel ? `: ${undoLabel}` : ""}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowForwardUp size={16} />} disabled={!redoLabel} onClick={redo}>
            Redo{redoLabel ? `: ${redoLabel}` : ""}
          </Menu.Item>
          <Menu.Item leftSection={<IconWand size={16} />} onClick={() => tidy()}>
            Tidy the layout
          </Menu.Item>
        </>
      )}
      {manages && (
        <Menu.Item leftSection={<IconShare2 size={16} />} onClick={() => openDialog("share")}>
          Share…
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<Theme size={16} />}
        onClick={() => setColorScheme(scheme === "light" ? "dark" : "light")}
      >
        {scheme === "light" ? "Dark" : "Light"} theme
      </Menu.Item>
      <Menu.Divider />
    </>
  );
}

export function MoreMenu({ narrow }: { narrow: boolean }) {
  const stackId = useEditor((state) => state.stack?.id ?? "");
  const scheme = useComputedColorScheme("light");
  const guest = useEditor((state) => state.guest);
  const running = useEditor(
    (state) => state.status?.containers.some((one) => one.state === "running") ?? false,
  );
  const exists = useEditor((state) => (state.status?.containers.length ?? 0) > 0);
  const busy = useEditor((state) => isUnderWay(state.run));
  const deploys = useMay("deploy");
  const draws = useMay("draw");
  const manages = useMay("manage");
  return (
    <Menu position="bottom-end" width={250} shadow="lg" radius="md">
      <Menu.Target>
        <IconButton label="More">
          <IconDots size={18} stroke={1.8} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        {narrow && <NarrowItems />}
        {deploys && (
          <>
            <Menu.Label>What runs</Menu.Label>
            <Menu.Item
              leftSection={<IconPlayerPlay size={16} />}
              disabled={!exists || busy}
              onClick={() => requestRun("start")}
            >
              Start all
            </Menu.Item>
            <Menu.Item
              leftSection={<IconRefresh size={16} />}
              disabled={!running || busy}
              onClick={() => requestRun("restart")}
            >
              Restart all
            </Menu.Item>
            <Menu.Item
              leftSection={<IconPlayerStop size={16} />}
              disabled={!running || busy}
              onClick={() => requestRun("stop")}
            >
              Stop all
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconStackPop size={16} />}
              disabled={busy}
              onClick={() => openDialog("down")}
            >
              Take down…
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        {!guest && (
          <>
            <Menu.Item
              leftSection={<IconDownload size={16} />}
              onClick={() => takeFile(`stacks/${stackId}/export`)}
            >
              Export Compose file
            </Menu.Item>
            <Menu.Item
              leftSection={<IconPhoto size={16} />}
              onClick={() => takeFile(`stacks/${stackId}/picture.svg?theme=${scheme}`)}
            >
              Download picture (SVG)
            </Menu.Item>
          </>
        )}
        {draws && (
          <Menu.Item leftSection={<IconTerminal2 size={16} />} onClick={() => openDialog("run")}>
            Add from docker run…
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => openDialog("keys")}>
          Keyboard shortcuts
        </Menu.Item>
        {manages && (
          <>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => openDialog("delete")}>
              Delete stack…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
