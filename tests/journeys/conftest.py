"""What the journeys share stands in tests/browser.py."""

from tests.browser import NO_BROWSER, PASSWORD, accessible

__all__ = ["NO_BROWSER", "PASSWORD", "accessible"]
