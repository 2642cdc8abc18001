// A server that a test writes: what the editor sent, and what is answered to it. Everything is fresh in each test.
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { openDialog } from "../../src/panels/dialogs";
import { stack } from "./fixture";

interface Sent {
  method: string;
  path: string;
  body: { edit?: unknown; kind?: string; digest?: string; remove_volumes?: boolean };
}

/** By a piece of the path: status and body. */
type Answers = Record<string, (body: unknown) => [number, unknown]>;

export const server = { sent: [] as Sent[], answers: {} as Answers };

export const edits = () =>
  server.sent.filter((one) => one.path.endsWith("/edits")).map((one) => one.body.edit);

/** Stands in for `fetch` in every test of the file that calls it. */
export function serve(): void {
  beforeEach(() => {
    server.sent = [];
    server.answers = {
      edits: () => [
        200,
        { version: 4, inverse: { kind: "patch_text", hunks: [] }, notes: [], stack: stack({ version: 4 }) },
      ],
    };
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      const body = init.body ? JSON.parse(String(init.body)) : {};
      server.sent.push({ method: String(init.method), path, body });
      const { answers } = server;
      const key = Object.keys(answers).find((one) => path.includes(one));
      const [status, answer] =
        key && answers[key] ? answers[key](body) : [404, { code: "x", message: "no", fix: "" }];
      return new Response(JSON.stringify(answer), { status });
    });
  });
  afterEach(() => {
    cleanup();
    openDialog(null);
    vi.unstubAllGlobals();
  });
}
