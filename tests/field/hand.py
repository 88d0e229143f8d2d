"""A worker's phone in a real browser, in somebody's hand: what is pressed, and what is read there."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import PASSWORD, accessible

PIN = "135790"
# Like the hashing of passwords in tests: the PIN is stretched less. The vault's own tests stretch it.
STRETCHED_LESS = """{
  const derive = SubtleCrypto.prototype.deriveKey;
  SubtleCrypto.prototype.deriveKey = function (rule, ...more) {
    return derive.call(this, rule.iterations ? { ...rule, iterations: 1000 } : rule, ...more);
  };
}"""
# 上村第1网格, where the builders' 林青 works.
HERE = {"longitude": 119.0551, "latitude": 27.9549, "accuracy": 12}


class Hand:
    """One phone: its browser's context, and the page that is open in it."""

    def __init__(self, chromium: Browser, site: str, width: int = 390, **options: Any) -> None:
        self.site = site
        self.context = chromium.new_context(
            viewport={"width": width, "height": 844}, locale="en-GB", geolocation=HERE,
            permissions=["geolocation", "microphone"], **options,
        )  # fmt: skip
        self.context.add_init_script(STRETCHED_LESS)
        self.faults: list[str] = []
        self.page = self.open()

    def open(self, address: str = "field/en/") -> Page:
        """Another window of the app; the last one is gone."""
        if self.context.pages:
            self.page.close()
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.goto(f"{self.site}/{address}")
        return self.page

    def sign_in(self, name: str) -> None:
        """At the desk's door, where the app leads."""
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.locator("main button[type=submit]").click()

    def set_up(self) -> None:
        """PIN, first reading, until Today stands there."""
        self.page.get_by_label("New PIN or passphrase").fill(PIN)
        self.page.get_by_label("Once more").fill(PIN)
        self.page.get_by_role("button", name="Start with this phone").click()
        self.heading("Today")

    def unlock(self, pin: str = PIN) -> None:
        self.page.get_by_label("PIN or passphrase").fill(pin)

    def heading(self, text: str) -> None:
        """This screen is open, and whoever listens has heard its name."""
        heading = self.page.locator("main h1")
        expect(heading).to_have_text(text)
        expect(heading).to_be_focused()

    def go(self, screen: str) -> None:
        self.page.evaluate("(hash) => { location.hash = hash }", f"#/{screen}")

    def stands(self, text: str) -> None:
        """Where sending stands, as the strip at the top says."""
        expect(self.page.locator("#strip")).to_contain_text(text)

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for what the server does."""
        for _ in range(200):
            if happened():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("it did not happen")

    @property
    def records(self) -> Locator:
        """What was made on this phone, under My records."""
        return self.page.get_by_role("region", name="Made on this phone")

    def check(self) -> None:
        """axe finds nothing, and nothing hangs over the edge."""
        # On a screen so long that nothing lies under the bars at its edges.
        size = self.page.viewport_size or {"width": 390, "height": 844}
        tall = self.page.evaluate("document.documentElement.scrollHeight") + 200
        self.page.set_viewport_size(size | {"height": tall})
        accessible(self.page)
        self.page.set_viewport_size(size)
        over = "document.documentElement.scrollWidth - innerWidth"
        assert self.page.evaluate(over) <= 0, self.page.url
