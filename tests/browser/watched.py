"""A page of which is written down what must never happen in it."""

from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Dialog, Page, Request

VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Watched:
    """A page, and its sins: dialogs, errors, violations of its policy, requests to anybody else."""

    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self.sins: list[str] = []
        self.forgiven: tuple[str, ...] = ()
        """What a test brings about itself: parts of what is written down."""
        self._host = host

    @classmethod
    async def of(cls, page: Page, url: str) -> "Watched":
        """Watched from before it loads anything."""
        watched = cls(page, urlsplit(url).netloc)
        page.on("console", watched._console)
        page.on("pageerror", lambda error: watched.sins.append(f"error: {error}"))
        page.on("dialog", watched._dialog)
        page.on("request", watched._request)
        await page.add_init_script(VIOLATIONS)
        return watched

    def nothing_bad(self) -> None:
        """Fails with whatever there was."""
        left = [sin for sin in self.sins if not any(part in sin for part in self.forgiven)]
        assert not left, left

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.sins.append(f"console: {message.text}")

    async def _dialog(self, dialog: Dialog) -> None:
        self.sins.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "about", "blob") and parts.netloc != self._host:
            self.sins.append(f"asked {parts.netloc}")
