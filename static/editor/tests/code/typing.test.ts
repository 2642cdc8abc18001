import { describe, expect, it } from "vitest";
import type { Edit } from "../../src/model/edit";
import type { HistoryStep } from "../../src/model/state";
import { type History, openTyping, stepInPane, type Typing, withTyping } from "../../src/model/typing";

const edit = (name: string): Edit => ({ kind: "remove_service", name });
const step = (name: string): HistoryStep => ({ label: "Type in the code", edit: edit(name) });
const typing = (from: number, to: number, over: Partial<Typing> = {}): Typing => ({
  pane: "p1",
  from,
  to,
  at: 0,
  stepped: false,
  ...over,
});
const none: History = { undo: [], redo: [] };
const drawn: HistoryStep = { label: "Add nginx", edit: edit("drawn") };
const names = (one: HistoryStep | undefined) =>
  one?.edit?.kind === "several"
    ? one.edit.edits.map((each) => "name" in each && each.name)
    : one?.edit && "name" in one.edit && one.edit.name;

describe("typing in the history", () => {
  it("is one step a burst, taken back last first", () => {
    let history = withTyping(none, step("a"), typing(0, 1));
    history = withTyping(history, step("b"), typing(1, 2, { at: 1000 }));
    expect(history.undo).toHaveLength(1);
    expect(names(history.undo[0])).toEqual(["b", "a"]);
    expect(history.undo[0]?.typed).toMatchObject({ from: 0, to: 2 });
    history = withTyping(history, step("c"), typing(2, 3, { at: 9000 }));
    expect(history.undo).toHaveLength(2);
  });
  it("is a new step after something drawn, and forgets what could be done again", () => {
    const history = withTyping({ undo: [drawn], redo: [drawn] }, step("a"), typing(0, 1));
    expect(history.undo.map((one) => one.label)).toEqual(["Add nginx", "Type in the code"]);
    expect(history.redo).toEqual([]);
  });
  it("leaves the history when the pane takes all of it back, and comes again with the pane's redo", () => {
    let history = withTyping({ undo: [drawn], redo: [] }, step("a"), typing(0, 2));
    history = withTyping(history, step("back"), typing(2, 0, { stepped: true }));
    expect(history.undo).toEqual([drawn]);
    expect(history.redo).toHaveLength(1);
    history = withTyping(history, step("again"), typing(0, 2, { stepped: true }));
    expect(history.undo.map(names)).toEqual(["drawn", "again"]);
    expect(history.redo).toEqual([]);
  });
  it("keeps the part that the pane has not taken back", () => {
    let history = withTyping(none, step("a"), typing(0, 2));
    history = withTyping(history, step("b"), typing(2, 4, { at: 5000 }));
    history = withTyping(history, step("back"), typing(4, 1, { at: 6000, stepped: true }));
    expect(history.undo).toHaveLength(1);
    expect(names(history.undo[0])).toEqual(["back", "b", "a"]);
    expect(history.undo[0]?.typed).toMatchObject({ from: 0, to: 1 });
    expect(history.redo).toHaveLength(1);
  });
  it("is taken back by the pane while it is open", () => {
    const went: number[] = [];
    const one = withTyping(none, step("a"), typing(3, 5)).undo[0] as HistoryStep;
    const close = openTyping("p1", (depth) => went.push(depth) > 0);
    expect(stepInPane(one, "undo")).toBe(true);
    expect(stepInPane(one, "redo")).toBe(true);
    expect(stepInPane(drawn, "undo")).toBe(false);
    close();
    expect(stepInPane(one, "undo")).toBe(false);
    expect(went).toEqual([3, 5]);
  });
});
