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

  it("gets a lost style sheet itself, since the bundler asks for it only once", async () => {
    const load = vi
      .fn()
      .mockRejectedValueOnce(new Error("Unable to preload CSS for /static/assets/Editor-1.css"))
      .mockResolvedValue("module");
    const append = vi.spyOn(document.head, "append").mockImplementation((...nodes) => {
      queueMicrotask(() => (nodes[0] as HTMLLinkElement).onload?.(new Event("load")));
    });
    const loaded = loadOrReload(load);
    await vi.runAllTimersAsync();
    expect(await loaded).toBe("module");
    expect((append.mock.calls[0]?.[0] as HTMLLinkElement).href).toContain("/static/assets/Editor-1.css");
    append.mockRestore();
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
