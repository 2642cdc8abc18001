// The drawing surface: the graph library with our nodes, lines, camera and hand. Fills its parent, reads all from the store.
import {
  Background,
  BackgroundVariant,
  ConnectionMode,
  MiniMap,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useOnViewportChange,
  type Viewport,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { type MouseEvent, memo, type PointerEvent, useCallback, useEffect, useRef } from "react";
import { parseId } from "../model/ids";
import { drawnBy } from "../model/shown";
import { choose, editor, select, useEditor, useMay } from "../model/store";
import { sendCursor } from "../sync/session";
import classes from "./Canvas.module.css";
import { ContextMenu } from "./ContextMenu";
import { Controls } from "./Controls";
import { Cursors } from "./Cursors";
import { canvasPoint, fitAll, mountCamera, OVERVIEW_ZOOM, ZOOM_MAX, ZOOM_MIN } from "./camera";
import { DropMenu } from "./DropMenu";
import { notePointer, onNodesChange } from "./drag";
import { onDragLeave, onDragOver, onDrop, watchDrags } from "./dropping";
import { EmptyState } from "./EmptyState";
import { edgeTypes, type WireEdge } from "./edges";
import { Hand } from "./Hand";
import { useKeys } from "./keys";
import { LinkPopover } from "./LinkPopover";
import { MountPopover } from "./MountPopover";
import { NetworkNode } from "./NetworkNode";
import { Overview } from "./Overview";
import { styleOf } from "./paint";
import { QuickAdd } from "./QuickAdd";
import { RenamePopover } from "./RenamePopover";
import { RevisionMarks } from "./RevisionMarks";
import { ServiceNode } from "./ServiceNode";
import { OVERVIEW_FROM, useScene } from "./scene";
import { canvas, release, useCanvas } from "./state";
import { VolumeNode } from "./VolumeNode";
import "./tokens.css";

const nodeTypes = { service: ServiceNode, network: NetworkNode, volume: VolumeNode };
const CURSOR_MS = 50;
const MULTI = ["Shift", "Meta", "Control"];

export function Canvas() {
  return (
    <ReactFlowProvider>
      <Surface />
    </ReactFlowProvider>
  );
}

function Surface() {
  const mayDraw = useMay("draw");
  const { nodes, edges } = useScene(mayDraw);
  const root = useRef<HTMLDivElement>(null);
  useKeys();
  useEffect(watchDrags, []);
  useFirstFit(nodes.length > 0);
  useZoomBand(root, nodes.length);
  useEffect(
    () => () =>
      canvas.set({ popup: null, wire: null, ghost: null, pointer: null, hovered: null, overview: false }),
    [],
  );
  useEffect(() => {
    drawnBy(() => canvas.get().boxes);
    return () => {
      drawnBy(null);
      release();
    };
  }, []);
  const overview = useCanvas((state) => state.overview);
  return (
    <div
      ref={root}
      className={`${classes.canvas} ny-canvas`}
      data-netyard-canvas
      data-zoom="near"
      role="application"
      aria-label="Topology"
      onPointerDownCapture={(event) => notePointer(event, true)}
      onPointerMove={onPointerMove}
      onPointerLeave={() => canvas.set({ pointer: null })}
      onDragOver={onDragOver}
      onDragLeave={onDragLeave}
      onDrop={onDrop}
      onDoubleClick={onDoubleClick}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onInit={mountCamera}
        onNodesChange={onNodesChange}
        onEdgeClick={onEdgeClick}
        onPaneClick={onPaneClick}
        onNodeContextMenu={onNodeMenu}
        onEdgeContextMenu={onEdgeMenu}
        onPaneContextMenu={onPaneMenu}
        onNodeDoubleClick={openInspector}
        connectionMode={ConnectionMode.Loose}
        nodesConnectable={false}
        nodesFocusable
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={MULTI}
        selectionOnDrag
        selectionMode={SelectionMode.Partial}
        panOnDrag={PAN_BUTTONS}
        panOnScroll
        zoomOnDoubleClick={false}
        minZoom={ZOOM_MIN}
        maxZoom={ZOOM_MAX}
        nodeDragThreshold={3}
        elevateNodesOnSelect={false}
        onlyRenderVisibleElements
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--ny-grid)" />
        <Hand />
        <Cursors />
        <RevisionMarks />
        <SmallMap />
      </ReactFlow>
      {overview && <Overview />}
      <EmptyState />
      <Controls />
      <Popups />
      <Announcer />
    </div>
  );
}

const PAN_BUTTONS = [1];

/** Everything in view when a stack is opened; later changes, also the first node of an empty one, leave the camera alone. */
function useFirstFit(some: boolean): void {
  const stackId = useEditor((state) => state.stackId);
  const openedEmpty = useEditor((state) => state.stack?.graph.services.length === 0 && !some);
  const fitted = useRef("");
  useEffect(() => {
    if (openedEmpty) fitted.current = stackId;
    if (!some || fitted.current === stackId) return;
    fitted.current = stackId;
    const frame = requestAnimationFrame(() => fitAll({ instant: true }));
    return () => cancelAnimationFrame(frame);
  }, [some, openedEmpty, stackId]);
}

/** Tell the styles how near the camera is, and switch a large stack to the overview, without rendering on every zoom step. */
function useZoomBand(root: React.RefObject<HTMLDivElement | null>, count: number): void {
  const apply = useCallback(
    ({ zoom }: Viewport) => {
      const band = zoom < 0.5 ? "far" : zoom < 0.75 ? "mid" : "near";
      if (root.current && root.current.dataset.zoom !== band) root.current.dataset.zoom = band;
      const overview = zoom < OVERVIEW_ZOOM && count > OVERVIEW_FROM;
      if (canvas.get().overview !== overview) canvas.set({ overview });
    },
    [root, count],
  );
  useOnViewportChange({ onChange: apply, onEnd: apply });
}

let cursorSent = 0;

function onPointerMove(event: PointerEvent): void {
  notePointer(event, false);
  const pointer = canvasPoint(event.clientX, event.clientY);
  canvas.set({ pointer });
  const now = performance.now();
  if (now - cursorSent < CURSOR_MS) return;
  cursorSent = now;
  sendCursor(Math.round(pointer.x), Math.round(pointer.y));
}

function onEdgeClick(event: MouseEvent, edge: WireEdge): void {
  if (edge.type === "shares") return;
  const { selection } = editor.get();
  if (event.shiftKey)
    select(selection.includes(edge.id) ? selection.filter((id) => id !== edge.id) : [...selection, edge.id]);
  else choose([edge.id]);
}

function onPaneClick(event: MouseEvent): void {
  if (!event.shiftKey) select([]);
}

function openMenu(event: MouseEvent | globalThis.MouseEvent, id: string | null): void {
  event.preventDefault();
  if (id && !editor.get().selection.includes(id)) select([id]);
  const screen = { x: event.clientX, y: event.clientY };
  canvas.set({ popup: { kind: "menu", screen, at: canvasPoint(screen.x, screen.y), id } });
}

const onNodeMenu = (event: MouseEvent, node: Node) => openMenu(event, node.id);
const onEdgeMenu = (event: MouseEvent, edge: WireEdge) => edge.type !== "shares" && openMenu(event, edge.id);
const onPaneMenu = (event: MouseEvent | globalThis.MouseEvent) => openMenu(event, null);
const openInspector = (_event: MouseEvent, node: Node) => {
  select([node.id]);
  editor.set({ side: "inspector" });
};

function onDoubleClick(event: MouseEvent): void {
  if (!(event.target instanceof Element) || !event.target.matches(".react-flow__pane")) return;
  if (!editor.get().stack?.rights.includes("draw")) return;
  const screen = { x: event.clientX, y: event.clientY };
  canvas.set({ popup: { kind: "quick", at: canvasPoint(screen.x, screen.y), screen, wireFrom: null } });
}

const SmallMap = memo(function SmallMap() {
  const shown = useCanvas((state) => state.minimap);
  if (!shown) return null;
  return (
    <MiniMap
      className={classes.minimap}
      pannable
      zoomable
      ariaLabel="Small map"
      nodeBorderRadius={14}
      nodeColor={mapColor}
      maskColor="color-mix(in srgb, var(--ny-paper) 72%, transparent)"
      bgColor="var(--ny-card)"
    />
  );
});

function mapColor(node: Node): string {
  const thing = parseId(node.id);
  if (thing?.kind !== "network") return node.selected ? "var(--ny-accent)" : "var(--ny-card-line-strong)";
  const { light, dark } = styleOf(canvas.get().drawing.bars.get(thing.key)?.color ?? 0);
  return `light-dark(${light}, ${dark})`;
}

function Popups() {
  const popup = useCanvas((state) => state.popup);
  if (!popup) return null;
  switch (popup.kind) {
    case "quick":
      return <QuickAdd popup={popup} />;
    case "drop":
      return <DropMenu popup={popup} />;
    case "mount":
      return <MountPopover popup={popup} />;
    case "link":
      return <LinkPopover popup={popup} />;
    case "rename":
      return <RenamePopover popup={popup} />;
    case "menu":
      return <ContextMenu popup={popup} />;
  }
}

function Announcer() {
  const words = useCanvas((state) => state.announcement);
  return (
    <div className={classes.hidden} aria-live="polite">
      {words}
    </div>
  );
}
