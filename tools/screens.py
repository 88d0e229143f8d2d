"""Pictures of the demo's pages for docs/screens: `make screens` (needs the browser of the tests).

Starts the demo on a free port with a data folder of its own, signs in as each post and draws its
pages at desk and phone width.
"""

import io
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screens"
DATA = ROOT / "build" / "screens-data"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
HERE = {"longitude": 118.95, "latitude": 28.08, "accuracy": 12}
# By name: the account ("" for residents), the address, the size.
PAGES = {
    "report-phone": ("", "/report", PHONE),
    "dispatcher": ("dispatcher", "/desk/dispatch", WIDE),
    "unit": ("handler", "/desk/unit", WIDE),
    "verifier": ("verifier", "/desk/verify", WIDE),
    "supervisor": ("supervisor", "/desk/supervise/late", WIDE),
    "digest": ("supervisor", "/desk/digest", WIDE),
    "map": ("supervisor", "/desk/map", WIDE),
    "mediation": ("mediator", "/desk/mediations", WIDE),
    "setup": ("admin", "/desk/setup/", WIDE),
    "field-today": ("grid", "/field/zh/", PHONE),
    "field-record": ("grid", "/field/zh/#/record", PHONE),
}
PIN = "135790"
COLOURS = 128  # enough for flat pages; a quarter of the bytes


def start() -> tuple[subprocess.Popen[bytes], str, dict[str, str]]:
    """The demo, ready to answer: (process, address, password by account)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "maplebridge", "--data", str(DATA), "demo"]
    listed = subprocess.run([*command, "--accounts"], check=True, capture_output=True)
    accounts = {a["username"]: a["password"] for a in json.loads(listed.stdout)}
    running = subprocess.Popen([*command, "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urlopen(f"{address}/healthz").close()
            break
        except OSError:
            time.sleep(0.2)
    return running, address, accounts


def sign_in(page: Page, address: str, account: str, password: str) -> None:
    """Sign in as one of the demo's accounts."""
    page.goto(f"{address}/desk/sign-in")
    page.fill("[name=username]", account)
    page.fill("[name=password]", password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def set_up_phone(page: Page, screen: str) -> None:
    """Go on from the self-test, give the app its PIN, wait for the first reading, open a screen."""
    page.locator("main .btn-primary").last.click()
    secrets = page.locator("input[type=password]")
    secrets.nth(0).fill(PIN)
    secrets.nth(1).fill(PIN)
    page.locator("main button[type=submit]").click()
    page.get_by_role("heading", name="今天").wait_for()
    page.locator(f"nav [href='#{screen}']").click()


def draw(page: Page, path: Path) -> None:
    """The page as it stands, as a small picture."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> int:
    """Draw every page; 1 when one answers with an error."""
    OUT.mkdir(parents=True, exist_ok=True)
    running, address, accounts = start()
    failed = 0
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=os.environ["MAPLEBRIDGE_CHROMIUM"],
                args=["--no-sandbox", "--enable-unsafe-swiftshader"],
            )
            for name, (account, path, size) in PAGES.items():
                context = chromium.new_context(
                    viewport=size, locale="zh-CN", permissions=["geolocation"], geolocation=HERE
                )
                page = context.new_page()
                if account:
                    sign_in(page, address, account, accounts[account])
                answer = page.goto(address + path.partition("#")[0])
                if path.startswith("/field/"):
                    set_up_phone(page, path.partition("#")[2] or "/")
                page.wait_for_timeout(8000 if name == "map" else 1500)  # it draws itself
                draw(page, OUT / f"{name}.png")
                failed += answer is None or not answer.ok
                print(f"    {name}: {answer.status if answer else 'no answer'}")
            chromium.close()
    finally:
        running.terminate()
        running.wait()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
