"""The tables of dialplan.toml, one for each thing the line does by itself.

Each names the clause it keeps; records, feed and reports cite it. A field's description completes the sentence
"allowed: …" of a fault. All waits are seconds.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gateway.config.table import Table
from gateway.dialplan.placeholders import checked_text

Clause = Annotated[str, Field(pattern=r"^[A-Z]{2,4}-[0-9]{1,3}$")]
Text = Annotated[str, AfterValidator(checked_text)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Digit = Annotated[str, Field(pattern=r"^[0-9*#]$")]

CLAUSE = "a clause's id, like JH-6"
TEXT = "what is said, 1 to 300 characters; {agent} for the agent's number, {name} for what [parameters] gives"
WAIT = "seconds from 0.5 to 60"
YES_NO = "true or false"
KEY = "a name of small letters, digits and _, like promise"
KEYS = "a list of names of small letters, digits and _"
_STEPS = "a list of 1 to 9 texts of 1 to 300 characters"
_DAY_OF_YEAR = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class AnswerTable(Table):
    """`[answer]`: when a ringing line is answered."""

    clause: Clause = Field(description=CLAUSE)
    on_ring: int = Field(2, ge=1, le=3, description="1, 2 or 3, never more than ring_limit")
    ring_limit: int = Field(3, ge=1, le=10, description="a whole number from 1 to 10, never less than on_ring")
    caller_id_wait: float = Field(2.5, ge=0, le=3.5, description="seconds from 0 to 3.5; rings are 4 s apart")
    ring_gap_limit: float = Field(6.0, ge=4.5, le=15, description="seconds from 4.5 to 15; rings come every 5 s")


class SpokenTable(Table):
    """`[greeting]`, `[trainee_greeting]`, `[overflow_greeting]`, `[holiday_greeting]`, `[notice]`, each of
    `[texts]`: one prompt, said to the end."""

    clause: Clause = Field(description=CLAUSE)
    text: Text = Field(description=TEXT)


class HolidayTable(Table):
    """Each of `[holidays]`: when it is, and its own words if it has some."""

    date: str | None = Field(None, pattern=_DAY_OF_YEAR, description='a date of every year, like "10-01"')
    lunar: str | None = Field(None, pattern=_DAY_OF_YEAR, description='a date of the lunar year, like "01-01"')
    days: int = Field(1, ge=1, le=15, description="days it lasts, 1 to 15")
    greeting: Text | None = Field(None, description=TEXT)


class LadderTable(Table):
    """`[silent_line]`, `[noisy_line]`: what is said step by step, and then the release."""

    clause: Clause = Field(description=CLAUSE)
    wait: float = Field(5.0, ge=0.5, le=60, description=WAIT)
    steps: Annotated[tuple[Text, ...], Field(strict=False)] = Field(min_length=1, max_length=9, description=_STEPS)
    final: Text | None = Field(None, description=TEXT)
    release_wait: float = Field(0.0, ge=0, le=60, description="seconds from 0 to 60")
    barge_in: bool = Field(True, description=YES_NO)


class CorrectionTable(Table):
    """`[faint_line]`, `[loud_line]`: what a customer is asked whose voice is too soft or too loud."""

    clause: Clause = Field(description=CLAUSE)
    wait: float = Field(3.0, ge=0.5, le=60, description=WAIT)
    steps: Annotated[tuple[Text, ...], Field(strict=False)] = Field(min_length=1, max_length=9, description=_STEPS)


class MessageTable(Table):
    """`[message]`: when what the customer says counts as said."""

    pause: float = Field(3.0, ge=0.5, le=30, description="seconds from 0.5 to 30")
    limit: float = Field(300.0, ge=10, le=3600, description="seconds from 10 to 3600")


class FlowTable(Table):
    """Each of `[flows]`: how a case is taken."""

    open: Key | None = Field(None, description="the name of one of [texts]")
    ask: Annotated[tuple[Key, ...], Field(strict=False)] = Field((), max_length=40, description=KEYS)
    say: Annotated[tuple[Key, ...], Field(strict=False)] = Field((), max_length=20, description=KEYS)
    further: bool = Field(True, description=YES_NO)
    pause: float | None = Field(None, ge=0.5, le=30, description="seconds from 0.5 to 30")
    limit: float | None = Field(None, ge=10, le=3600, description="seconds from 10 to 3600")


class QuestionTable(Table):
    """Each of `[questions]`: asked, and its answer recorded separately."""

    clause: Clause = Field(description=CLAUSE)
    text: Text = Field(description=TEXT)
    wait: float = Field(6.0, ge=0.5, le=60, description=WAIT)
    barge_in: bool = Field(True, description=YES_NO)


class ChoiceTable(Table):
    """Each of `[menu.choices]`: one key."""

    kind: Key = Field(description="a word for records and feed, like enquiry")
    flow: Key | None = Field(None, description="the name of one of [flows]; left out: the dialplan's flow")
    alert: bool = Field(False, description=YES_NO)


class MenuTable(Table):
    """`[menu]`: what sort of request it is, by key."""

    clause: Clause = Field(description=CLAUSE)
    text: Text = Field(description=TEXT)
    wait: float = Field(6.0, ge=0.5, le=60, description=WAIT)
    times: int = Field(2, ge=1, le=5, description="a whole number from 1 to 5")
    otherwise: Digit = Field(description="the key of one of [menu.choices]")
    choices: dict[Digit, ChoiceTable] = Field(min_length=1, description="tables by key: 0 to 9, * or #")


class WaitingTable(Table):
    """`[waiting]`: how a waiting customer is reassured."""

    clause: Clause = Field(description=CLAUSE)
    first: Text = Field(description=TEXT)
    again: Text = Field(description=TEXT)
    every: float = Field(15.0, ge=5, le=120, description="seconds from 5 to 120")
    limit: float = Field(180.0, ge=10, le=3600, description="seconds from 10 to 3600")
    long: float = Field(30.0, ge=1, le=3600, description="seconds from 1 to 3600")
    patience_clause: Clause = Field(description=CLAUSE)
    thanks: Text = Field(description=TEXT)
    sorry: Text = Field(description=TEXT)


class PhraseTable(Table):
    """Each of `[phrases]`: what the agent can have said to the customer."""

    clause: Clause = Field(description=CLAUSE)
    text: Text = Field(description=TEXT)
    code: str | None = Field(
        None, pattern=r"^[0-9]{1,4}$", description='1 to 4 digits in quotes, dialled after *, like "13"'
    )
    closes: bool = Field(False, description=YES_NO)


class FurtherTable(Table):
    """`[further]`: the question whether there is anything else."""

    clause: Clause = Field(description=CLAUSE)
    text: Text = Field(description=TEXT)
    wait: float = Field(5.0, ge=0.5, le=60, description=WAIT)
    barge_in: bool = Field(True, description=YES_NO)


class FarewellTable(Table):
    """`[farewell]`: said last, to the end; on holidays and at weekends in other words, if it has some."""

    clause: Clause = Field(description=CLAUSE)
    text: Text = Field(description=TEXT)
    holiday: Text | None = Field(None, description=TEXT)
    weekend: Text | None = Field(None, description=TEXT)


class HangUpTable(Table):
    """`[hang_up]`: who hangs up first."""

    clause: Clause = Field(description=CLAUSE)
    after_farewell: Literal["wait", "release"] = Field("wait", description='"wait" or "release"')
    release_wait: float = Field(3.0, ge=0, le=60, description="seconds from 0 to 60")
    guard: float = Field(60.0, ge=10, le=3600, description="seconds from 10 to 3600")


class LanguageTable(Table):
    """`[language]`: the clauses that texts must keep; left out, the check is not made."""

    forbidden: Clause | None = Field(None, description=CLAUSE)
    polite: Clause | None = Field(None, description=CLAUSE)
