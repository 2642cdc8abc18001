import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type Known, offersAt } from "../../src/code/offers";
import { namesIn, placeAt, stepsAbove } from "../../src/code/place";
import type { Schema } from "../../src/code/schema";
import { wordsCount, wordsFor } from "../../src/code/words";

const root = resolve("../..");
const schema = JSON.parse(
  execFileSync(
    `${root}/.venv/bin/python`,
    ["-c", "from topology.compose.schema import schema_text; print(schema_text())"],
    {
      cwd: root,
      encoding: "utf8",
    },
  ),
) as Schema;
const known: Known = {
  schema,
  images: [{ tag: "standin:latest", size_bytes: 1 }],
  usual: ["nginx:alpine", "redis:7-alpine"],
  variables: new Map([["TAG", ".env"]]),
};

/** A text with a caret at `|`; gives what `offersAt` gives there. */
function at(text: string) {
  const before = text.slice(0, text.indexOf("|"));
  const whole = text.replace("|", "").split("\n");
  const lines = { count: whole.length, at: (line: number) => whole[line - 1] ?? "" };
  return { lines, line: before.split("\n").length, column: (before.split("\n").at(-1) as string).length };
}
const place = (text: string) => {
  const { lines, line, column } = at(text);
  return placeAt(lines, line, column);
};
const labels = (text: string) => {
  const { lines, line, column } = at(text);
  return (offersAt(lines, line, column, known)?.offers ?? [])
    .toSorted((a, b) => b.boost - a.boost)
    .map((one) => one.label);
};
const accept = (text: string, label: string) => {
  const { lines, line, column } = at(text);
  const found = offersAt(lines, line, column, known);
  const one = found?.offers.find((offer) => offer.label === label);
  if (!found || !one) return `no ${label}`;
  return lines.at(line).slice(0, found.from) + one.insert + lines.at(line).slice(found.to);
};

const TWO = "services:\n  web:\n    image: x\n  db:\n    image: y\n";

describe("a place", () => {
  it.each([
    ["|", [], "key"],
    ["services:\n  |", ["services"], "key"],
    ["services:\n  web:\n    |", ["services", "web"], "key"],
    ["services:\n  web:\n    ima|", ["services", "web"], "key"],
    ["services:\n  web:\n    image: |", ["services", "web", "image"], "value"],
    ["services:\n  web:\n    image: |    ", ["services", "web", "image"], "value"],
    ["services:\n  web:\n    image:   ngi|", ["services", "web", "image"], "value"],
    ["services:\n  web:\n    ports:\n      - |", ["services", "web", "ports", "-"], "key"],
    ["services:\n  web:\n    ports:\n    - tar|", ["services", "web", "ports", "-"], "key"],
    ["services:\n  web:\n    ports:\n    - target: 80\n      |", ["services", "web", "ports", "-"], "key"],
    [
      "services:\n  web:\n    ports:\n    - target: 80\n      mode: |",
      ["services", "web", "ports", "-", "mode"],
      "value",
    ],
    ["services:\n  web:\n    depends_on: [d|]", ["services", "web", "depends_on", "-"], "value"],
    ["services:\n  web:\n    depends_on: {db: {|}}", ["services", "web", "depends_on", "db"], "key"],
    [
      "services:\n  web:\n    depends_on: {db: {condition: |}}",
      ["services", "web", "depends_on", "db", "condition"],
      "value",
    ],
    ["services:\n  web:\n    networks:\n      front: {|}", ["services", "web", "networks", "front"], "key"],
    ["services:\n  web: &a\n    <<: *b\n    heal|", ["services", "web"], "key"],
    ['services:\n  "my web":\n    |', ["services", "my web"], "key"],
    ["services:\n  web:\n    command: |\n  db:", ["services", "web", "command"], "value"],
    [
      "services:\n\n  web:\n    # a comment\n\n    |\n  db:\n    image: [broken\n",
      ["services", "web"],
      "key",
    ],
    ["services:\n  web:\n    image: 'half\n    res|", ["services", "web"], "key"],
    [
      "services:\n    web:\n        deploy:\n            resources:\n                lim|",
      ["services", "web", "deploy", "resources"],
      "key",
    ],
    [
      "networks:\n  front:\n    ipam:\n      config:\n        - sub|",
      ["networks", "front", "ipam", "config", "-"],
      "key",
    ],
  ])("is found in %j", (text, path, kind) => {
    const { path: found, kind: word } = place(text);
    expect([found, word]).toEqual([path, kind]);
  });

  it("is none in comments and in block texts", () => {
    expect(place("services: # he|").kind).toBe("none");
    expect(place("services:\n  web:\n    command: >-\n      sle|").kind).toBe("none");
    expect(place("x: |\n").kind).toBe("value");
  });

  it("knows the items of lists at their key's own column", () => {
    const whole = ["a:", "- b:", "  - c"];
    const lines = { count: 3, at: (line: number) => whole[line - 1] ?? "" };
    expect(stepsAbove(lines, 3, 2, true)).toEqual(["a", "-", "b"]);
  });

  it("reads names by indent, whatever is broken elsewhere", () => {
    const whole = `${TWO}  cache: [\nnetworks:\n  front: {}\n  x-note: 1\n`.split("\n");
    const lines = { count: whole.length, at: (line: number) => whole[line - 1] ?? "" };
    expect([...namesIn(lines, "services")]).toEqual([
      ["web", 2],
      ["db", 4],
      ["cache", 6],
    ]);
    expect([...namesIn(lines, "networks").keys()]).toEqual(["front"]);
  });
});

describe("offers", () => {
  it("are the keys of the place, without those that stand there", () => {
    expect(labels("|").slice(0, 3)).toEqual(["services", "networks", "volumes"]);
    const keys = labels("services:\n  web:\n    image: x\n    |\n    restart: always\n");
    expect(keys).toContain("depends_on");
    expect(keys).toContain("healthcheck");
    expect(keys).toContain("deploy");
    expect(keys).not.toContain("image");
    expect(keys).not.toContain("restart");
  });
  it("go on below half-typed and broken lines", () => {
    expect(labels("services:\n  web:\n    image: [x\n    healthcheck:\n      te|\n  db: }\n")).toContain(
      "test",
    );
    expect(labels("networks:\n  front:\n    ipam:\n      config:\n        - |")).toContain("subnet");
    expect(labels("services:\n  web:\n    volumes:\n      - type: bind\n        |")).toContain("read_only");
  });
  it("are the values that a key is limited to", () => {
    expect(labels("services:\n  web:\n    restart: |")[0]).toBe("unless-stopped");
    expect(labels("services:\n  web:\n    depends_on:\n      db:\n        condition: |")).toEqual([
      "service_started",
      "service_healthy",
      "service_completed_successfully",
    ]);
    expect(labels("services:\n  web:\n    init: |")).toEqual(["true", "false"]);
    expect(labels("services:\n  web:\n    volumes:\n      - type: |")).toContain("bind");
  });
  it("are the names that the text has", () => {
    expect(labels("services:\n  web:\n    depends_on:\n      - |\n  db: {}\n")).toEqual(["db"]);
    expect(labels("services:\n  web:\n    depends_on: [|]\n  db: {}\n")).toEqual(["db"]);
    expect(labels("services:\n  web:\n    links:\n      - |\n  db: {}\n")).toEqual(["db"]);
    expect(labels("services:\n  web:\n    networks:\n      - |\nnetworks:\n  front:\n  back:\n")).toEqual([
      "front",
      "back",
    ]);
    expect(labels("services:\n  web:\n    networks:\n      |\nnetworks:\n  front:\n")).toContain("front");
    expect(labels("services:\n  web:\n    network_mode: |\n  db: {}\n")).toContain("service:db");
    expect(labels("services:\n  web:\n    volumes:\n      - |\nvolumes:\n  data:\n")).toContain("data");
    expect(labels("services:\n  web:\n    secrets: [|]\nsecrets:\n  key: {file: k}\n")).toEqual(["key"]);
    expect(
      labels("services:\n  web:\n    configs:\n      - source: |\nconfigs:\n  main: {file: k}\n"),
    ).toContain("main");
    expect(labels("services:\n  web:\n    profiles: [|]\n  db:\n    profiles: [debug]\n")).toEqual(["debug"]);
    expect(labels("services:\n  web:\n    extends:\n      service: |\n  db: {}\n")).toContain("db");
    expect(labels("x-a: &common {}\nservices:\n  web:\n    <<: *|\n")).toEqual(["common"]);
  });
  it("are images of the engine before those of the palette", () =>
    expect(labels("services:\n  web:\n    image: |")).toEqual([
      "standin:latest",
      "nginx:alpine",
      "redis:7-alpine",
    ]));
  it("are variables after ${", () => {
    expect(labels(`services:\n  web:\n    image: "nginx:\${|"\n    user: \${WHO}\n`)).toEqual(["TAG", "WHO"]);
    expect(accept("services:\n  web:\n    image: nginx:${T|", "TAG")).toBe("    image: nginx:${TAG}");
    expect(accept("services:\n  web:\n    image: nginx:${T|}", "TAG")).toBe("    image: nginx:${TAG}");
    expect(labels("a: $${|")).not.toContain("TAG");
  });
  it("write what goes on: a value behind the key, or a deeper line", () => {
    expect(accept("services:\n  web:\n    im|", "image")).toBe("    image: ");
    expect(accept("services:\n  web:\n    he|", "healthcheck")).toBe("    healthcheck:\n      ");
    expect(accept("services:\n  web:\n    por|", "ports")).toBe("    ports:\n      - ");
    expect(accept("services:\n  web:\n    im|: x", "image")).toBe("    image: x");
    expect(accept("services:\n  web:\n    volumes:\n      - |\nvolumes:\n  data:\n", "data")).toBe(
      "      - data:/",
    );
  });
});

describe("words", () => {
  it("are there for the keys that are used most, with the place in the specification", () => {
    expect(wordsCount()).toBeGreaterThan(60);
    expect(wordsFor(["services", "web", "ports"])?.link).toMatch(/05-services\.md#ports$/);
    expect(wordsFor(["networks", "front", "internal"])?.text).toContain("outside");
    expect(wordsFor(["services", "web", "networks", "front", "aliases"])?.text).toContain("names");
    expect(wordsFor(["services", "web", "nothing"])).toBeNull();
  });
});
