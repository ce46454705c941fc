"""What a browser shows of one line, written down change by change: nothing is missed between two looks at it."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Error, Locator, Page, expect

from tests.browser.hotline import SECONDS

RECORD = """line => {
  window.seen = [];
  window.loadedOnce = true;
  const look = () => {
    const tile = document.querySelector(`[data-line="${line}"]`);
    if (tile === null) return;
    const row = tile.querySelector(".call") ?? tile.querySelector(".calm");
    const text = (part) => row.querySelector(part)?.textContent ?? "";
    const now = {
      state: tile.dataset.state,
      word: text(".call-word"),
      rings: tile.dataset.state === "ringing" ? text(".rings-count") : "",
      who: text(".who"),
      agent: text(".agent-number"),
      verdict: text(".verdict"),
    };
    if (JSON.stringify(now) !== JSON.stringify(window.seen.at(-1))) window.seen.push(now);
  };
  const all = {subtree: true, childList: true, attributes: true, characterData: true};
  new MutationObserver(look).observe(document.body, all);
  look();
}"""
SHOWN = "wanted => window.seen.some((one) => Object.entries(wanted).every(([name, value]) => one[name] === value))"


@dataclass
class Screen:
    """A browser that follows one line, in the language whose `words` these are."""

    page: Page
    line: str
    words: dict[str, str]

    @property
    def tile(self) -> Locator:
        return self.page.locator(f'[data-line="{self.line}"]')

    async def follow(self) -> None:
        """Write down from now on what the tile shows."""
        await expect(self.tile).to_be_visible()
        await self.page.evaluate(RECORD, self.line)

    async def shows(self, state: str, **fields: Any) -> None:
        """The tile has shown this state, by its word, together with these fields; or as soon as it does."""
        wanted = {"state": state, "word": self.words[state], **fields}
        try:
            await self.page.wait_for_function(SHOWN, arg=wanted, polling=100, timeout=SECONDS)
        except Error:
            seen = await self.page.evaluate("window.seen")
            raise AssertionError(f"not shown: {wanted}; seen: {seen}") from None

    async def states(self) -> list[str]:
        """All states that the tile has shown, in their order."""
        seen = [one["state"] for one in await self.page.evaluate("window.seen")]
        return [state for index, state in enumerate(seen) if index == 0 or seen[index - 1] != state]
