"""The steps of a call that are judged. Most are parts: a judgement's `step` is then the part of its prompts."""

ANSWER = "answer"
PATIENCE = "patience"
"""The thanks or the apology that end a wait (JH-9)."""
RELEASE = "release"
