// A look at an engine: asked for here, taken by a worker, read until it is there.
import { ApiError, get, post } from "../sync/api";
import type { LookRequest, LookView } from "../wire.gen";

const POLL_MS = 150;
const PATIENCE_MS = 30_000;

export async function takeLook(engineId: string, asked: Partial<LookRequest>): Promise<LookView> {
  const until = Date.now() + PATIENCE_MS;
  let look = await post<LookView>(`engines/${engineId}/looks`, asked);
  while (look.state === "looking") {
    if (Date.now() > until)
      throw new ApiError(0, {
        code: "look-slow",
        message: "No worker has looked at the engine.",
        fix: "Check that Netyard's worker runs, then look again.",
        problems: [],
      });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    look = await get<LookView>(`looks/${look.id}`);
  }
  if (look.state === "failed")
    throw new ApiError(0, { code: "look-failed", message: look.error, fix: look.fix, problems: [] });
  return look;
}
