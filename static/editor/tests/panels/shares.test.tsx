// Read-only links: one made while the others are still being asked for is not lost.
import { act, cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { ShareList } from "../../src/panels/ShareMenu";
import type { Share } from "../../src/wire.gen";
import { open, show } from "./fixture";

const share = (id: string, token = ""): Share => ({
  id,
  token,
  created_at: 0,
  created_by: "ann",
  last_used_at: 0,
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("keeps a new link, and its token, when the list comes after it", async () => {
  let list = (_: Response) => {};
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) =>
    init.method === "POST"
      ? new Response(JSON.stringify(share("new", "secret")), { status: 201 })
      : new Promise<Response>((resolve) => {
          list = resolve;
        }),
  );
  open();
  show(<ShareList />);
  await userEvent.click(screen.getByRole("button", { name: "New link" }));
  const link = await screen.findByRole<HTMLInputElement>("textbox", { name: "The link" });
  await act(async () => list(new Response(JSON.stringify([share("new"), share("old")]), { status: 200 })));
  expect(await screen.findAllByRole("button", { name: "Revoke this link" })).toHaveLength(2);
  expect(link.value.endsWith("/shared#secret")).toBe(true);
});
