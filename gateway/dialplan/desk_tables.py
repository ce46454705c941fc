"""The tables of dialplan.toml that need a desk: people who call back, lists of numbers."""

from pydantic import Field

from gateway.config.table import Table
from gateway.dialplan.tables import CLAUSE, KEY, TEXT, WAIT, Clause, Digit, Key, Text

_KEY_PRESSED = "one of the keys 0 to 9, * or # in quotes"


class CallBackTable(Table):
    """`[call_back]`: how a customer who would wait too long leaves his number."""

    clause: Clause = Field(description=CLAUSE)
    key: Digit = Field("1", description=_KEY_PRESSED)
    message_key: Digit = Field("2", description=_KEY_PRESSED + ", another one than key")
    offer: Text = Field(description=TEXT)
    offer_after: float = Field(30.0, ge=0, le=3600, description="seconds from 0 to 3600")
    ask: Text = Field(description=TEXT)
    read_back: Text = Field(description=TEXT)
    confirm: Text = Field(description=TEXT)
    noted: Text = Field(description=TEXT)
    speak: Text | None = Field(None, description=TEXT)
    right: Digit = Field("1", description=_KEY_PRESSED)
    wrong: Digit = Field("2", description=_KEY_PRESSED + ", another one than right")
    wait: float = Field(8.0, ge=0.5, le=60, description=WAIT)
    tries: int = Field(3, ge=1, le=5, description="a whole number from 1 to 5")


class WarningTable(Table):
    """`[warning]`: what a listed number hears after the greeting."""

    phrase: Key = Field(description=KEY + "; one of [phrases]")
