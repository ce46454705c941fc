"""dialplan.toml: a service standard as tables, one for each thing the line does by itself.

Each table names the clause it keeps; records, feed and reports cite it. A field's description completes the
sentence "allowed: …" of a fault. All waits are seconds.
"""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, PrivateAttr

from gateway.config.document import Document
from gateway.config.table import Table
from gateway.dialplan.placeholders import checked_text

Clause = Annotated[str, Field(pattern=r"^[A-Z]{2,4}-[0-9]{1,3}$")]
Text = Annotated[str, AfterValidator(checked_text)]

_CLAUSE = "a clause's id, like JH-6"
_TEXT = "what is said, 1 to 300 characters; {agent} for the agent's number"
_WAIT = "seconds from 0.5 to 60"
_BARGE_IN = "true or false"


class AnswerTable(Table):
    """`[answer]`: when a ringing line is answered."""

    clause: Clause = Field(description=_CLAUSE)
    on_ring: int = Field(2, ge=1, le=3, description="1, 2 or 3, never more than ring_limit")
    ring_limit: int = Field(3, ge=1, le=10, description="a whole number from 1 to 10, never less than on_ring")
    caller_id_wait: float = Field(2.5, ge=0, le=3.5, description="seconds from 0 to 3.5; rings are 4 s apart")
    ring_gap_limit: float = Field(6.0, ge=4.5, le=15, description="seconds from 4.5 to 15; rings come every 5 s")


class SpokenTable(Table):
    """`[greeting]`, `[trainee_greeting]`, `[farewell]`: one prompt, said to the end."""

    clause: Clause = Field(description=_CLAUSE)
    text: Text = Field(description=_TEXT)


class LadderTable(Table):
    """`[silent_line]`, `[noisy_line]`: what is said step by step, and then the release."""

    clause: Clause = Field(description=_CLAUSE)
    wait: float = Field(5.0, ge=0.5, le=60, description=_WAIT)
    steps: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        min_length=1, max_length=9, description="a list of 1 to 9 texts of 1 to 300 characters"
    )
    final: Text = Field(description=_TEXT)
    release_wait: float = Field(0.0, ge=0, le=60, description="seconds from 0 to 60")
    barge_in: bool = Field(True, description=_BARGE_IN)


class MessageTable(Table):
    """`[message]`: when what the customer says counts as said."""

    pause: float = Field(3.0, ge=0.5, le=30, description="seconds from 0.5 to 30")
    limit: float = Field(300.0, ge=10, le=3600, description="seconds from 10 to 3600")


class FurtherTable(Table):
    """`[further]`: the question whether there is anything else."""

    clause: Clause = Field(description=_CLAUSE)
    text: Text = Field(description=_TEXT)
    wait: float = Field(5.0, ge=0.5, le=60, description=_WAIT)
    barge_in: bool = Field(True, description=_BARGE_IN)


class HangUpTable(Table):
    """`[hang_up]`: the customer hangs up first."""

    clause: Clause = Field(description=_CLAUSE)
    guard: float = Field(60.0, ge=10, le=3600, description="seconds from 10 to 3600")


class LanguageTable(Table):
    """`[language]`: the clauses that texts must keep; left out, the check is not made."""

    forbidden: Clause | None = Field(None, description=_CLAUSE)
    polite: Clause | None = Field(None, description=_CLAUSE)


class Dialplan(Table):
    """The whole of dialplan.toml, checked. Made by `load_dialplan` only."""

    title: str = Field(min_length=1, max_length=80, description="the hotline's name, 1 to 80 characters")
    voice: str = Field(
        "cmn", pattern=r"^[A-Za-z0-9_+-]{1,40}$", description="a voice of espeak-ng, like cmn for Mandarin"
    )
    speaking_rate: int = Field(120, ge=80, le=240, description="characters a minute, 80 to 240")
    answer: AnswerTable = Field(description="a table [answer]")
    greeting: SpokenTable = Field(description="a table [greeting]")
    trainee_greeting: SpokenTable | None = Field(None, description="a table [trainee_greeting]")
    silent_line: LadderTable = Field(description="a table [silent_line]")
    noisy_line: LadderTable = Field(description="a table [noisy_line]")
    message: MessageTable = Field(default_factory=MessageTable, description="a table [message]")
    further: FurtherTable = Field(description="a table [further]")
    farewell: SpokenTable = Field(description="a table [farewell]")
    hang_up: HangUpTable = Field(description="a table [hang_up]")
    language: LanguageTable = Field(default_factory=LanguageTable, description="a table [language]")
    _document: Document = PrivateAttr()

    @property
    def document(self) -> Document:
        """The file it was read from, to place later faults on their lines."""
        return self._document

    @property
    def folder(self) -> Path:
        """Where dialplan.toml lies."""
        return self._document.file.absolute().parent

    @property
    def name(self) -> str:
        """The folder's name, which records and feed show."""
        return self.folder.name
