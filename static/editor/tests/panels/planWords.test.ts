import { describe, expect, it } from "vitest";
import { awayText, costText, downtimeText, gravestOf, layersOf, summaryText } from "../../src/panels/plan";

describe("a plan's summary", () => {
  it("counts things and not operations, each under the gravest that happens to it", () => {
    const row = (subject: string, impact: "new" | "recreate" | "in place") => ({ subject, impact });
    const many = [row("service:a", "recreate"), row("service:a", "recreate"), row("service:b", "new")];
    expect(summaryText(many)).toBe("1 new · 1 recreated");
    expect(summaryText([row("network:n", "new"), row("network:n", "in place")])).toBe(
      "1 new · nothing is recreated",
    );
  });
});

describe("what a plan takes away", () => {
  const away = (service: string, at_most_s: number | null, containers = 1) => ({
    service,
    containers,
    at_most_s,
  });

  it("is said for each service", () => {
    expect(awayText(away("web", 1))).toBe("away up to 1 s");
    expect(awayText(away("web", 11, 3))).toBe("away up to 11 s, each by itself");
    expect(awayText(away("web", 310))).toBe("away up to 5 min");
    expect(awayText(away("web", null))).toBe("stops and stays so");
  });

  it("is said in sum, the graver first", () => {
    expect(downtimeText([])).toBe("Nothing that runs is stopped.");
    expect(downtimeText([away("web", 2), away("db", 11)])).toBe("web, db away up to 11 s.");
    expect(downtimeText([away("web", 2), away("db", null)])).toBe(
      "db stops and stays so; web away up to 2 s.",
    );
    expect(downtimeText(["a", "b", "c", "d"].map((name) => away(name, 3)))).toBe(
      "4 services away up to 3 s.",
    );
  });

  it("names the connections that break of what goes on running", () => {
    const cuts = [{ network: "back", services: ["api", "db"] }];
    expect(costText({ downtimes: [], cuts })).toBe(
      "Nothing that runs is stopped. Connections of api, db over back break for a moment.",
    );
  });

  it("is coloured by the gravest that happens", () => {
    expect(gravestOf([{ impact: "new" }, { impact: "recreate" }, { impact: "restart" }])).toBe("recreate");
  });
});

describe("a pull's line", () => {
  it("names the layers that are under way", () => {
    expect(
      layersOf("1 of 3 layers; a1b2 unpacking 0.0 of 0.0 MB; c3 downloading 1.5 of 4.0 MB; d downloading"),
    ).toEqual({
      line: "1 of 3 layers",
      layers: [
        { id: "a1b2", doing: "unpacking", share: null, amount: "0.0 of 0.0 MB" },
        { id: "c3", doing: "downloading", share: 0.375, amount: "1.5 of 4.0 MB" },
        { id: "d", doing: "downloading", share: null, amount: "" },
      ],
    });
  });

  it("is left alone where it names none, or is cut off", () => {
    expect(layersOf("Step 2/4 : RUN make; make install")).toEqual({
      line: "Step 2/4 : RUN make; make install",
      layers: [],
    });
    expect(layersOf("0 of 2 layers; abc downl").layers).toEqual([]);
  });
});
