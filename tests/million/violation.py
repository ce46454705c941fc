"""A rule that was broken."""


class Violation(Exception):
    """What was broken, and the story of the call, or of the gateway, that broke it."""

    def __init__(self, broken: str, story: str = "", call: int | None = None) -> None:
        super().__init__(broken, story, call)
        self.broken, self.story, self.call = broken, story, call
