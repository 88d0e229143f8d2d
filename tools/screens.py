"""Pictures of the demo's pages for docs/screens: `make screens` (needs the browser of the tests).

Starts the demo on a free port with a data folder of its own, signs in as each post and draws its
pages at desk and phone width.
"""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screens"
DATA = ROOT / "build" / "screens-data"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# By name: the account ("" for residents), the address, the size.
PAGES = {
    "report-phone": ("", "/report", PHONE),
    "dispatcher": ("dispatcher", "/desk/dispatch", WIDE),
    "unit": ("handler", "/desk/unit", WIDE),
    "verifier": ("verifier", "/desk/verify", WIDE),
    "supervisor": ("supervisor", "/desk/supervise", WIDE),
    "digest": ("supervisor", "/desk/digest", WIDE),
    "map": ("supervisor", "/desk/map", WIDE),
    "setup": ("admin", "/desk/setup/", WIDE),
}


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
                page = chromium.new_context(viewport=size, locale="zh-CN").new_page()
                if account:
                    sign_in(page, address, account, accounts[account])
                answer = page.goto(address + path)
                page.wait_for_timeout(1500)  # the map draws itself
                page.screenshot(path=str(OUT / f"{name}.png"))
                failed += answer is None or not answer.ok
                print(f"    {name}: {answer.status if answer else 'no answer'}")
            chromium.close()
    finally:
        running.terminate()
        running.wait()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
