"""Frames a second on a large canvas, in headless Chromium without a GPU: `python -m tests.bench.canvas_frames [ADDRESS [USER]]`.

1,000 services on 20 networks with 100 volumes. "fit" is all of it in view, "work" zoom 1 with about 30 cards. Each hand moves for
two seconds, and the frames that the browser drew are counted, with the longest gap between two. Without an address a site of its
own is started. Ends with 1 where a figure is below its floor. The numbers hang on what else the machine does: run it alone.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import FLAGS, start_site, stop_site
from tests.e2e.visitors import login_of, make_stack
from tests.lab.visitor import Visitor

SERVICES, NETWORKS, VOLUMES = 1000, 20, 100
SECONDS = 2.0
FLOOR = {"fit": {"pan": 50, "drag": 50, "zoom": 45}, "work": {"pan": 50, "drag": 50, "zoom": 45}}

COUNT = """() => {
  window.frames_ = []; window.counting = true;
  const tick = (at) => { window.frames_.push(at); if (window.counting) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
COUNTED = """() => {
  window.counting = false;
  const gaps = window.frames_.slice(1).map((at, index) => at - window.frames_[index]);
  const span = window.frames_.at(-1) - window.frames_[0];
  return { rate: 1000 * gaps.length / span, gap: Math.max(...gaps) };
}"""


def large() -> str:
    """The stack: each service on one or two networks, every tenth with a volume, some links and ports."""
    lines = ["services:"]
    for number in range(SERVICES):
        first = number * NETWORKS // SERVICES
        networks = [f"net{first}"] + ([f"net{(first + 1) % NETWORKS}"] if number % 9 == 0 else [])
        lines += [f"  service-{number}:", "    image: standin:latest", f"    networks: [{', '.join(networks)}]"]
        if number % 10 == 0:
            lines.append(f"    volumes: ['data-{number // 10}:/data']")
        if number % 25 == 0:
            lines.append(f"    ports: ['{20000 + number}:80']")
        if number % 12 == 1:
            lines.append(f"    depends_on: [service-{number - 1}]")
    lines += ["networks:", *(f"  net{number}: {{}}" for number in range(NETWORKS))]
    return "\n".join([*lines, "volumes:", *(f"  data-{number}: {{}}" for number in range(VOLUMES))]) + "\n"


def counted(page: Page, hand: Callable[[int], None]) -> tuple[float, float]:
    """Frames a second and the longest gap in ms while `hand` is called again and again."""
    page.evaluate(COUNT)
    began, step = time.monotonic(), 0
    while time.monotonic() - began < SECONDS:
        hand(step)
        step += 1
    found = page.evaluate(COUNTED)
    return float(found["rate"]), float(found["gap"])


def pan(page: Page) -> tuple[float, float]:
    page.mouse.move(800, 450)
    return counted(page, lambda step: page.mouse.wheel(0, 12 if step % 40 < 20 else -12))


def zoom(page: Page) -> tuple[float, float]:
    page.mouse.move(800, 450)
    page.keyboard.down("Control")
    found = counted(page, lambda step: page.mouse.wheel(0, 6 if step % 20 < 10 else -6))
    page.keyboard.up("Control")
    return found


def drag(page: Page) -> tuple[float, float]:
    """The card nearest to the middle, round in a circle."""
    at = page.evaluate("""() => {
      const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
      const far = ([x, y]) => Math.hypot(x - 800, y - 450);
      const cards = [...document.querySelectorAll('.react-flow__node[data-id^="service:"]')];
      return cards.map((card) => middle(card.getBoundingClientRect())).sort((a, b) => far(a) - far(b))[0];
    }""")
    page.mouse.move(*at)
    page.mouse.down()
    found = counted(page, lambda step: page.mouse.move(at[0] + (step % 30) * 3, at[1] + (step % 17) * 3))
    page.mouse.move(*at)
    page.mouse.up()
    return found


def measure(page: Page) -> bool:
    """Print a line for each view; whether all reach their floors."""
    good = True
    for view in ("fit", "work"):
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+Digit1" if view == "fit" else "Control+0")
        page.wait_for_timeout(900)
        found = {name: hand(page) for name, hand in (("pan", pan), ("drag", drag), ("zoom", zoom))}
        words = ", ".join(f"{name} {rate:.0f} (longest gap {gap:.0f} ms)" for name, (rate, gap) in found.items())
        print(f"{view:<5} {words}")
        good = good and all(found[name][0] >= floor for name, floor in FLOOR[view].items())
    return good


def run(address: str, visitor: Visitor) -> bool:
    stack = make_stack(visitor, f"nyt-frames-{uuid.uuid4().hex[:6]}", large())
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(base_url=address, storage_state=login_of(visitor), viewport={"width": 1440, "height": 900})
        page = context.new_page()
        began = time.monotonic()
        page.goto(f"/stacks/{stack}")
        page.wait_for_selector(".react-flow__node", state="attached", timeout=60_000)
        print(f"first nodes after {time.monotonic() - began:.1f} s")
        page.wait_for_timeout(1500)
        good = measure(page)
        browser.close()
    visitor.send("DELETE", f"/api/stacks/{stack}")
    return good


def main(arguments: list[str]) -> int:
    if arguments:
        visitor = Visitor(arguments[0])
        visitor.log_in(username=arguments[1] if len(arguments) > 1 else "ann")
        return 0 if run(arguments[0], visitor) else 1
    data = Path(tempfile.mkdtemp(prefix="netyard-frames-"))
    site = start_site(data)
    try:
        visitor = Visitor(site.address)
        visitor.set_up(site.setup_link, username="ann")
        return 0 if run(site.address, visitor) else 1
    finally:
        stop_site(site)
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
