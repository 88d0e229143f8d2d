"""How smoothly the map moves: pan and zoom over many open matters in a real browser, and print.

Without a graphics card the browser draws by software, which takes most of the time; what our own
script takes of it is printed apart.

Usage: map_frames.py [MATTERS]   (100,000 by default; on a scratch database, dropped at the end)
"""

import os
import shutil
import sys
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOVES = 20
# All open, each a little beside the place it was copied from.
OPENED = """UPDATE matters_matter SET status = 'reported', closed_at = NULL,
    due_at = due_at + (random() - 0.3) * interval '20 day',
    lon = lon + (random() - 0.5) * 0.03, lat = lat + (random() - 0.5) * 0.03"""
WATCH = """
window.longTasks = []; window.frames_ = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((e) => e.duration)))
  .observe({ type: "longtask", buffered: true });
const tick = (at) => { frames_.push(at); requestAnimationFrame(tick); };
requestAnimationFrame(tick);
"""
OWN = """() => {
  const own = performance.getEntriesByName("map:drawn").map((e) => e.duration);
  performance.clearMeasures("map:drawn");
  return own;
}"""
MOVE = """([dx, dy, zoom]) => new Promise((resolve) => {
  const map = document.querySelector("[data-map-canvas]").maplibre;
  map.once("idle", () => resolve());
  setTimeout(resolve, 5000); // a drawing by software may never rest
  if (zoom) map.easeTo({ zoom, duration: 400 }); else map.panBy([dx, dy], { duration: 400 });
})"""


def main(count: int) -> None:
    """Fill, serve, move, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maplebridge.config.settings")
    data = Path(os.environ.setdefault("MAPLEBRIDGE_DATA", str(ROOT / ".data")))
    from maplebridge.config import secrets
    from maplebridge.config.scratch import scratch_database

    secrets.export(data)
    with scratch_database(data):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        _measure(count)


def _measure(count: int) -> None:
    from django.conf import settings
    from django.db import connection

    from maplebridge.bench import run

    run.build(run.SEED)
    rng = run.random.Random(run.SEED)
    for n in range(200):
        run._reported(rng, n)
    run.fill(count)
    with connection.cursor() as cursor:
        cursor.execute(OPENED)
        cursor.execute("VACUUM ANALYZE matters_matter")
    session = run._session("dispatcher")
    connection.close()
    with run._server() as (port, _server):
        _drive(f"http://127.0.0.1:{port}", {settings.SESSION_COOKIE_NAME: session})


def _drive(site: str, cookies: dict[str, str]) -> None:
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("MAPLEBRIDGE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": k, "value": v, "url": site} for k, v in cookies.items()])
        context.add_init_script(WATCH)
        page = context.new_page()
        asked: list[float] = []
        page.on(
            "requestfinished",
            lambda r: asked.append(r.timing["responseEnd"]) if "/map/points" in r.url else None,
        )
        begun = time.perf_counter()
        page.goto(f"{site}/desk/map")
        page.wait_for_selector("[data-drawn]")
        page.wait_for_timeout(2000)
        print(f"first drawing after {time.perf_counter() - begun - 2:.1f} s")
        _say(page, "opening", asked)
        zooms = [12, 13, 14, 15, 16, 17, 15, 13, 11]
        for n in range(MOVES):
            zoom = zooms[n // 2 % len(zooms)] if n % 2 else 0
            page.evaluate(MOVE, [[300, -200][n % 4 // 2], [120, -160][n % 3 // 2], zoom])
        _say(page, f"{MOVES} moves", asked)
        print("   ", page.locator("[data-view-said]").text_content())
        browser.close()


def _say(page, what: str, asked: list[float]) -> None:
    tasks = sorted(page.evaluate("longTasks.splice(0)"))
    stamps = page.evaluate("frames_.splice(0)")
    frames = sorted(b - a for a, b in pairwise(stamps)) or [0]
    late = frames[len(frames) * 95 // 100]
    own = sorted(page.evaluate(OWN)) or [0]
    print(f"{what}: {len(asked)} requests, the slowest {max(asked, default=0):.0f} ms")
    print(f"    our script {len(own)} times, {sum(own):.0f} ms in all, longest {own[-1]:.0f} ms")
    print(f"    {len(tasks)} tasks over 50 ms, longest {max(tasks, default=0):.0f} ms")
    print(f"    frames: p50 {frames[len(frames) // 2]:.0f} ms, p95 {late:.0f} ms")
    asked.clear()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
