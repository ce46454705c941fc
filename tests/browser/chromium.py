"""Debian's Chromium, found and started."""

import shutil

from playwright.async_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",  # continuous integration runs as root, and opens pages of ours alone
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class ChromiumMissing(Exception):
    """There is none; the message tells how to get one."""


async def launched(playwright: Playwright) -> Browser:
    """Started without a screen. Raises ChromiumMissing."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise ChromiumMissing("no Chromium: sudo apt-get install chromium fonts-noto-cjk (deploy/test-tools.sh)")
    return await playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
