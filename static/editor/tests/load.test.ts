import { beforeEach, describe, expect, it, vi } from "vitest";
import { loadOrReload } from "../src/ui/load";

describe("loading a part of the program", () => {
  beforeEach(() => {
    sessionStorage.clear();
    vi.useFakeTimers();
  });

  it("tries again what the browser dropped", async () => {
    const load = vi.fn().mockRejectedValueOnce(new TypeError("dropped")).mockResolvedValue("module");
    const loaded = loadOrReload(load);
    await vi.runAllTimersAsync();
    expect(await loaded).toBe("module");
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("loads the page anew when it stays away, once, and then says so", async () => {
    const load = vi.fn().mockRejectedValue(new TypeError("gone"));
    const reload = vi.fn();
    void loadOrReload(load, reload);
    await vi.runAllTimersAsync();
    expect(reload).toHaveBeenCalledOnce();
    const second = expect(loadOrReload(load, reload)).rejects.toThrow("gone");
    await vi.runAllTimersAsync();
    await second;
    expect(reload).toHaveBeenCalledOnce();
  });
});
