import { describe, expect, it } from "vitest";
import { fold } from "../../src/model/fold";
import { emptyState } from "../../src/model/state";
import { bySubject, cannotKeep, isHarmless, waysOf } from "../../src/panels/drift";
import type { DriftView, PlanView } from "../../src/wire.gen";

const one = (subject: string, words: string, keep = ""): DriftView => ({
  id: `${subject}|${words}`,
  subject,
  kind: "changed",
  container: "",
  part: "networks",
  words,
  keep,
});

describe("what was changed outside", () => {
  it("is replaced whole by each message", () => {
    const before = { ...emptyState, drift: [one("service:web", "stopped")] };
    expect(fold(before, { type: "drift", drift: [] })).toEqual({ drift: [] });
  });

  it("is grouped by object in the server's order", () => {
    const groups = bySubject([one("service:b", "x"), one("service:a", "y"), one("service:b", "z")]);
    expect(groups.map(([subject, found]) => [subject, found.length])).toEqual([
      ["service:b", 2],
      ["service:a", 1],
    ]);
  });

  it("can be kept where any of it can", () => {
    expect(cannotKeep([one("service:a", "x", "no"), one("service:a", "y")])).toBe("");
    expect(cannotKeep([one("service:a", "x", "no")])).toBe("no");
  });

  it("is put back at once only where nothing that runs is stopped", () => {
    const plan = (impact: string) =>
      ({ engine_error: "", problems: [], operations: [{ impact }] }) as unknown as PlanView;
    expect(isHarmless(plan("in place"))).toBe(true);
    expect(isHarmless(plan("recreate"))).toBe(false);
    expect(isHarmless({ ...plan("new"), engine_error: "away" })).toBe(false);
  });

  it("is settled by words that say what happens to it", () => {
    const of = (...kinds: DriftView["kind"][]) => waysOf(kinds.map((kind) => ({ kind })));
    expect(of("extra").back).toBe("Remove it");
    expect(of("missing", "missing").back).toBe("Make it again");
    expect(of("stopped", "changed").back).toBe("Put it back");
  });
});
