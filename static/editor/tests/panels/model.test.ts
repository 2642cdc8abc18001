import { describe, expect, it } from "vitest";
import {
  GROUPS,
  nameOfImage,
  searchTemplates,
  templateEdit,
  templateOfImage,
  uniqueName,
} from "../../src/model/catalog";
import {
  checkImage,
  checkPort,
  durationText,
  isCidr,
  readDepends,
  readMount,
  readPort,
  writeDepends,
  writeMount,
  writePort,
} from "../../src/model/forms";
import { changesBetween, hunksBetween, splitLines } from "../../src/model/hunks";
import { containerState, serviceState } from "../../src/model/live";
import {
  countText,
  nodeOfProblem,
  problemsAt,
  problemsBesides,
  sortProblems,
} from "../../src/model/problems";
import { joinWords, looksSecret, readDotenv, splitWords } from "../../src/model/words";
import type { ContainerView, ProblemView } from "../../src/wire.gen";

const problem = (over: Partial<ProblemView>): ProblemView => ({
  code: "x",
  message: "m",
  fix: "",
  subject: "",
  path: [],
  line: 0,
  column: 0,
  severity: "error",
  file: "",
  ...over,
});

const container = (over: Partial<ContainerView>): ContainerView => ({
  id: "c1",
  name: "p-web-1",
  service: "web",
  number: 1,
  image: "nginx",
  state: "running",
  word: "running",
  health: "",
  exit_code: null,
  oom_killed: false,
  error: "",
  restart_count: 0,
  started_at: 0,
  finished_at: 0,
  endpoints: [],
  ports: [],
  ...over,
});

const applyHunks = (text: string, hunks: ReturnType<typeof hunksBetween>) => {
  const lines = splitLines(text);
  for (const hunk of [...hunks].reverse()) {
    expect(lines.slice(hunk.line, hunk.line + hunk.old.length)).toEqual(hunk.old);
    lines.splice(hunk.line, hunk.old.length, ...hunk.new);
  }
  return lines.join("");
};

describe("the catalog", () => {
  it("finds templates by every word of the query", () => {
    expect(searchTemplates("redis").flatMap((group) => group.templates.map((one) => one.id))).toEqual([
      "redis",
    ]);
    expect(searchTemplates("data base").flatMap((group) => group.templates).length).toBeGreaterThan(2);
    expect(searchTemplates("nothing like it")).toEqual([]);
    expect(searchTemplates("")).toHaveLength(GROUPS.length);
  });
  it("names a service after its image", () => {
    expect(nameOfImage("registry:5000/team/My_App:1.2")).toBe("my_app");
    expect(nameOfImage("busybox")).toBe("busybox");
  });
  it("keeps a known template's keys for a local image of that repository", () => {
    expect(templateOfImage("redis:6").keys.healthcheck).toBeDefined();
    expect(templateOfImage("redis:6").keys.image).toBe("redis:6");
    expect(templateOfImage("standin:latest")).toMatchObject({
      id: "standin",
      keys: { image: "standin:latest" },
    });
  });
  it("numbers names that are taken", () => {
    expect(uniqueName("web", ["web", "web-2"])).toBe("web-3");
  });
  it("declares the volumes that a template mounts, under names of the service", () => {
    const template = searchTemplates("postgresql")[0]?.templates[0];
    if (!template) throw new Error("no template");
    const edit = templateEdit(template, "db", { volumes: [] });
    expect(edit).toMatchObject({
      kind: "several",
      edits: [
        { kind: "add_volume", name: "db-data" },
        { kind: "add_service", name: "db" },
      ],
    });
    expect(JSON.stringify(edit)).toContain("db-data:/var/lib/postgresql/data");
  });
});

describe("hunks", () => {
  const before = "a: 1\nb: 2\nc: 3\nd: 4\n";
  it.each([
    ["a: 1\nb: 2\nc: 3\nd: 4\n"],
    ["a: 1\nb: 9\nc: 3\nd: 4\n"],
    ["a: 1\nc: 3\nd: 4\ne: 5"],
    ["x\na: 1\nb: 2\nd: 4\n"],
    [""],
    ["totally\ndifferent\n"],
    ["a: 1\r\nb: 2\r\n"],
  ])("turn one text into the other: %j", (after) => {
    expect(applyHunks(before, hunksBetween(before, after))).toBe(after);
    expect(applyHunks(after, hunksBetween(after, before))).toBe(before);
  });
  it("name only the changed line, with its neighbours", () => {
    expect(hunksBetween(before, before.replace("b: 2", "b: 22"))).toEqual([
      { line: 1, old: ["b: 2\n"], new: ["b: 22\n"], before: "a: 1\n", after: "c: 3\n" },
    ]);
  });
  it("restore any text from random edits", () => {
    let seed = 7;
    const random = (most: number) => {
      seed = (seed * 16807) % 2147483647;
      return seed % most;
    };
    for (let round = 0; round < 200; round++) {
      const a = Array.from({ length: random(12) }, () => `${random(4)}\n`).join("");
      const b = Array.from({ length: random(12) }, () => `${random(4)}\n`).join("");
      expect(applyHunks(a, hunksBetween(a, b))).toBe(b);
      let text = a;
      for (const change of changesBetween(a, b).reverse())
        text = text.slice(0, change.from) + change.insert + text.slice(change.to);
      expect(text).toBe(b);
    }
  });
  it("trim character changes to what differs", () => {
    expect(changesBetween("image: nginx\n", "image: nginx:alpine\n")).toEqual([
      { from: 12, to: 12, insert: ":alpine" },
    ]);
  });
});

describe("forms", () => {
  it.each([
    ["80", { hostIp: "", published: "", target: "80", protocol: "tcp" }],
    ["8080:80", { hostIp: "", published: "8080", target: "80", protocol: "tcp" }],
    ["127.0.0.1:8080:80/udp", { hostIp: "127.0.0.1", published: "8080", target: "80", protocol: "udp" }],
    ["[::1]:53:53/udp", { hostIp: "::1", published: "53", target: "53", protocol: "udp" }],
    ["${PORT:-8080}:80", { hostIp: "", published: "${PORT:-8080}", target: "80", protocol: "tcp" }],
    ["127.0.0.1::80", { hostIp: "127.0.0.1", published: "", target: "80", protocol: "tcp" }],
  ])("read and write the port %s", (text, row) => {
    expect(readPort(text)).toEqual(row);
    expect(writePort(row, text)).toBe(text);
  });
  it("keep a long port's other keys", () => {
    const was = { target: 80, published: "8080", mode: "host", name: "web" };
    expect(writePort({ ...readPort(was), published: "9090" }, was)).toEqual({ ...was, published: "9090" });
  });
  it("refuse ports that cannot be", () => {
    expect(checkPort(readPort("99999:80"))).toContain("65535");
    expect(checkPort(readPort("8080:80"))).toBeNull();
    expect(checkPort(readPort("x:80"))).toContain("number");
    expect(checkPort(readPort("1.2.3:1:80"))).toContain("IP");
  });
  it.each([["data:/data"], ["./src:/app:ro"], ["/cache"], ["data:/data:ro,z"]])(
    "read and write the mount %s",
    (text) => {
      expect(writeMount(readMount(text), text)).toBe(text);
    },
  );
  it("write depends_on as a list until a condition asks for a map", () => {
    expect(writeDepends([{ service: "db", condition: "service_started" }], ["db"])).toEqual(["db"]);
    expect(writeDepends([{ service: "db", condition: "service_healthy" }], ["db"])).toEqual({
      db: { condition: "service_healthy" },
    });
    const was = { db: { condition: "service_healthy", restart: true } };
    expect(writeDepends(readDepends(was), was)).toEqual(was);
  });
  it("say durations as Compose does", () => {
    expect([0.5, 10, 90, 120, null].map(durationText)).toEqual(["500ms", "10s", "1m30s", "2m", ""]);
  });
  it("know images and subnets", () => {
    expect(checkImage("registry:5000/a/b:1")).toBeNull();
    expect(checkImage("Not an image")).not.toBeNull();
    expect(isCidr("10.0.0.0/24")).toBe(true);
    expect(isCidr("10.0.0.0")).toBe(false);
  });
});

describe("words", () => {
  it.each([["sleep infinity"], ["sh -c 'echo a b'"], [`node -e "it's"`], ["''"]])("survive: %s", (text) => {
    expect(joinWords(splitWords(text) ?? [])).toBe(text);
  });
  it("are not told while a quote is open", () => expect(splitWords("sh -c 'x")).toBeNull());
  it("read pasted .env text", () => {
    expect(readDotenv("# c\nexport A=1\nB='x y'\n\nC=\n")).toEqual([
      ["A", "1"],
      ["B", "x y"],
      ["C", ""],
    ]);
    expect(readDotenv("just a sentence")).toBeNull();
  });
  it("know a secret by its name", () => {
    expect(["DB_PASSWORD", "API_KEY", "AUTHOR", "PORT", "DB_PASSWORD_FILE"].map(looksSecret)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("problems", () => {
  it("sort errors first, then by line", () => {
    const list = [
      problem({ severity: "warning", file: "", line: 1 }),
      problem({ line: 9, message: "b" }),
      problem({ line: 2, message: "a" }),
    ];
    expect(sortProblems(list).map((one) => one.line)).toEqual([2, 9, 1]);
  });
  it("are found at a field, and else at the top", () => {
    const list = [
      problem({ subject: "service:web", path: ["services", "web", "ports", 0] }),
      problem({ subject: "service:web" }),
    ];
    expect(problemsAt(list, ["services", "web", "ports"])).toHaveLength(1);
    expect(problemsBesides(list, "services", "web", ["ports"])).toEqual([list[1]]);
    expect(nodeOfProblem(problem({ path: ["networks", "front"] }))).toBe("network:front");
    expect(countText({ errors: 1, warnings: 2 })).toBe("1 error, 2 warnings");
  });
});

describe("live states", () => {
  const status = (containers: ContainerView[]) => ({
    seq: 1,
    at: 1,
    engine_error: "",
    containers,
    networks: [],
    volumes: [],
  });
  it("say how a container ended", () => {
    const ended = (word: string, exit_code: number) =>
      containerState(container({ state: "exited", word, exit_code }));
    expect(ended("exited (137)", 137)).toMatchObject({ word: "exited (137)", tone: "bad" });
    expect(ended("stopped", 0)).toMatchObject({ word: "stopped", tone: "idle" });
  });
  it("show a stop that was asked for as no failure, whatever the exit code", () => {
    const stopped = containerState(container({ state: "exited", word: "stopped", exit_code: 137 }));
    expect(stopped).toMatchObject({ word: "stopped", tone: "idle" });
    expect(stopped.detail).toContain("137");
    expect(containerState(container({ health: "unhealthy" })).tone).toBe("bad");
  });
  it("let the worst replica speak for a service", () => {
    const two = [
      container({}),
      container({ id: "c2", number: 2, state: "exited", word: "exited (1)", exit_code: 1 }),
    ];
    expect(serviceState({ name: "web", scale: 2 }, status(two))).toMatchObject({
      word: "exited (1) · 1/2",
      tone: "bad",
    });
    expect(serviceState({ name: "db", scale: 1 }, status(two)).word).toBe("not applied");
  });
});
