// Makes src/wire.gen.ts from the server's wire shapes, so that both sides agree by construction. Run by `npm run wire`;
// with --check it only says whether the file is as it would be made.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const root = new URL("../../../", import.meta.url).pathname;
const schema = JSON.parse(
  execFileSync(`${root}.venv/bin/python`, [`${root}manage.py`, "wire"], { encoding: "utf8" }),
);

// Titles on single properties would each become an alias type of their own.
function withoutInnerTitles(node, top = true) {
  if (Array.isArray(node)) return node.map((item) => withoutInnerTitles(item, false));
  if (node && typeof node === "object") {
    return Object.fromEntries(
      Object.entries(node)
        .filter(([key, value]) => !(key === "title" && typeof value === "string" && !top))
        // pydantic writes tuples as 2020-12 does, the generator reads them as draft 4 does
        .map(([key, value]) => [key === "prefixItems" ? "items" : key, withoutInnerTitles(value, false)]),
    );
  }
  return node;
}

const definitions = Object.fromEntries(
  Object.entries(schema.$defs).map(([name, shape]) => {
    const plain = withoutInnerTitles(shape, false);
    if (plain.properties) plain.required = Object.keys(plain.properties); // the server always sends every field
    return [name, plain];
  }),
);
const text = await compile(
  { $defs: definitions, title: "Wire", type: "object", additionalProperties: false },
  "Wire",
  {
    additionalProperties: false,
    bannerComment: "// Made by `npm run wire` from topology/wire.py. Do not edit.",
    unreachableDefinitions: true,
    format: true,
    style: { printWidth: 120 },
  },
);
const body = text
  .replace(/export interface Wire \{\s*\}\n*/, "")
  .replace(/ \*\n \* This interface was referenced[\s\S]*?\n \*\//g, " */")
  .replace(/\/\*\*\n \* This interface was referenced[\s\S]*?\n \*\/\n/g, "");
const file = new URL("../src/wire.gen.ts", import.meta.url);
if (!process.argv.includes("--check")) {
  writeFileSync(file, body);
} else if (readFileSync(file, "utf8") !== body) {
  process.stderr.write("src/wire.gen.ts is not what topology/wire.py says: run `npm run wire`.\n");
  process.exit(1);
}
