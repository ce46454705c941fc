"""The tables of gateway.toml about people behind the greeting: desk, shifts, call-backs, recordings of calls.

A field's description completes the sentence "allowed: …" of a fault.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gateway.config.clock import Clock, Day, Hours, weekdays
from gateway.config.forms import AddressPort, AgentNumber, PlainPath, SipAddress, TopicLevel, sip_address
from gateway.config.number_patterns import NumberPattern
from gateway.config.secret import SecretTable
from gateway.config.table import Table

NUMBER = "{number}"
"""Where in `call_backs.address` the customer's number stands."""
_CODE = 'a * and 1 to 4 digits in quotes, like "*91"'
_CLOCK = 'a time in quotes from "00:00" to "24:00"'
_PATTERNS = 'a list of patterns for whole numbers, like ["400[0-9]{7}"]'
_RETRIES = "a list of 1 to 20 waits of 60 to 604800 seconds"
Code = Annotated[str, Field(pattern=r"^\*[0-9]{1,4}$")]
Retry = Annotated[float, Field(ge=60, le=7 * 24 * 3600)]


def call_back_address(value: str) -> str:
    """`sip:{number}@host[:port]`, itself. Raises ValueError in words."""
    if value.count(NUMBER) != 1 or NUMBER not in value.partition("@")[0]:
        raise ValueError(f"does not have {NUMBER} once, before the @")
    sip_address(value.replace(NUMBER, "10000"))
    return value


class DeskConfig(SecretTable):
    """`[desk]`: how agents' telephones are reached, and when an agent is there. Environment:
    SANSHENG_DESK_PASSWORD."""

    listen: AddressPort | None = Field(
        None,
        description="IPv4 address:port where the desk's softphone binds, 0.0.0.0 for all; left out: a free port",
    )
    aor: SipAddress | None = Field(
        None, description="who calls the agents, sip:user@host[:port]; left out: the first SIP line's"
    )
    username: str | None = Field(
        None, min_length=1, description="user name for a PBX that asks for one; left out: the first SIP line's"
    )
    ring_seconds: float = Field(15.0, ge=3, le=120, description="seconds from 3 to 120")
    after_call_seconds: float = Field(5.0, ge=0, le=3600, description="seconds from 0 to 3600")
    log_in: Literal["reachable", "command"] = Field("reachable", description='"reachable" or "command"')
    log_in_code: Code = Field("*91", description=_CODE)
    log_out_code: Code = Field("*92", description=_CODE)
    away_code: Code = Field("*93", description=_CODE)
    back_code: Code = Field("*94", description=_CODE)
    after_call_code: Code = Field("*95", description=_CODE)
    key_accounts: PlainPath | None = Field(
        None, description="the path of a CSV file with the columns number and rank"
    )

    @property
    def codes(self) -> dict[str, str]:
        """Each feature code by its key, in the file's order: `log_in_code` → `*91`."""
        keys = ("log_in_code", "log_out_code", "away_code", "back_code", "after_call_code")
        return {key: getattr(self, key) for key in keys}


class ShiftConfig(Table):
    """`[[shifts]]`: when which agents are on duty (JH-20), in the site's timezone. One that ends no later than it
    begins ends on the next day."""

    agents: Annotated[tuple[AgentNumber, ...], Field(strict=False, min_length=1)] = Field(
        description='a list of agents\' numbers, like ["801", "802"]'
    )
    days: Annotated[tuple[Day, ...], Field(strict=False, min_length=1)] = Field(
        description='a list of mon, tue, wed, thu, fri, sat, sun and spans of them, like ["mon-fri", "sun"]'
    )
    begins: Clock = Field(alias="from", description=_CLOCK)
    ends: Clock = Field(alias="to", description=_CLOCK)

    @property
    def weekdays(self) -> frozenset[int]:
        """The days on which it begins, 0 for Monday."""
        return weekdays(self.days)


class CallBacksConfig(Table):
    """`[call_backs]`: how customers are called back (JS-7, JS-9). Left out: people do it, no line dials."""

    line: TopicLevel = Field(description="the id of one of [[lines]]")
    address: Annotated[str, AfterValidator(call_back_address)] | None = Field(
        None, description='sip: "sip:{number}@host[:port]"; left out: the number at the line\'s registrar'
    )
    prefix: Annotated[str, Field(pattern=r"^[0-9]{1,8}$")] | None = Field(
        None, description='fxo: 1 to 8 digits dialled before the number, like "0" for an outside line'
    )
    numbers: Annotated[tuple[NumberPattern, ...], Field(strict=False, max_length=50)] = Field(
        (), description=_PATTERNS
    )
    hours: Hours = Field("08:30-20:30", description='"HH:MM-HH:MM", the first earlier than the second')
    retry_after: Annotated[tuple[Retry, ...], Field(strict=False, min_length=1, max_length=20)] = Field(
        (900.0, 3600.0, 10800.0), description=_RETRIES
    )
    attempts: int = Field(8, ge=1, le=50, description="a whole number from 1 to 50")
    deadline_hours: float = Field(24.0, ge=0.25, le=720, description="hours from 0.25 to 720")


class RecordingsConfig(Table):
    """`[recordings]`: of calls; what the line says itself lies with the dialplan."""

    both_sides: bool = Field(True, description="true or false")
    retention_days: int | None = Field(
        None, ge=1, le=36500, description="days from 1 to 36500; left out: for ever"
    )
    min_free_mb: int = Field(500, ge=0, le=1_000_000, description="megabytes from 0 to 1000000")
