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

  it("gets lost style sheets itself, since the bundler asks for each only once", async () => {
    const lost = ["/one.css", "/two.css"].map((href) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      Object.defineProperty(link, "href", { value: href });
      link.replaceWith = ((fresh: HTMLLinkElement) => {
        asked.push(new URL(fresh.href).pathname);
        link.remove();
        queueMicrotask(() => fresh.onload?.(new Event("load")));
      }) as typeof link.replaceWith;
      return link;
    });
    const asked: string[] = [];
    const all = vi.spyOn(document, "querySelectorAll").mockReturnValue(lost as never);
    const load = vi
      .fn()
      .mockRejectedValueOnce(new Error("Unable to preload CSS for /one.css"))
      .mockResolvedValue("module");
    const part = loadOrReload(load);
    await vi.runAllTimersAsync();
    expect(await part).toBe("module");
    expect(asked).toEqual(["/one.css", "/two.css"]);
    all.mockRestore();
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
