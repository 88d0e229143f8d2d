"""Print the path of a Chromium for the tests, installing one when the machine has none.

Order: an installed headless shell, Chromium or Chrome, Debian's package (as root), Playwright's.
The shell is the same engine without the windows around it: the suite needs half the time with it.
"""

import os
import shutil
import subprocess
import sys

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "chromium-browser",
)


def installed() -> str | None:
    """The first browser found on the PATH."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Find or install; prints nothing and returns 1 when neither is possible."""
    path = os.environ.get("MAPLEBRIDGE_CHROMIUM") or installed()
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": sys.stderr, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        for package in ("chromium-headless-shell", "chromium"):
            install = ["apt-get", "install", "-y", "-qq", package]
            subprocess.run(install, check=False, **quiet)
            if path := installed():
                break
    if path is None:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            check=False,
            stdout=sys.stderr,
        )
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
        path = own if os.path.exists(own) else None  # noqa: PTH110
    if path is None:
        print("No browser could be found or installed.", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
