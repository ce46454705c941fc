"""dialplan.toml: a service standard that a supervisor can read and change. Its tables stand in `tables`."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, PrivateAttr

from gateway.config.document import Document
from gateway.config.table import Table
from gateway.dialplan.calendar import Calendar
from gateway.dialplan.desk_tables import CallBackTable, WarningTable
from gateway.dialplan.placeholders import checked_parameter
from gateway.dialplan.tables import (
    KEY,
    AnswerTable,
    CorrectionTable,
    FarewellTable,
    FlowTable,
    FurtherTable,
    HangUpTable,
    HolidayTable,
    Key,
    LadderTable,
    LanguageTable,
    MenuTable,
    MessageTable,
    PhraseTable,
    QuestionTable,
    SpokenTable,
    WaitingTable,
)

Parameter = Annotated[str, AfterValidator(checked_parameter)]
Dotted = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_*#-]+)*$")]


class Dialplan(Table):
    """The whole of dialplan.toml, its base's keys included, checked. Made by `load_dialplan` only."""

    base: str | None = Field(
        None, min_length=1, max_length=200, description="a shipped dialplan's name, or a folder"
    )
    without: Annotated[tuple[Dotted, ...], Field(strict=False)] = Field(
        (), description='a list of tables or keys of the base that are left out, like ["overflow_greeting"]'
    )
    title: str = Field(min_length=1, max_length=80, description="the hotline's name, 1 to 80 characters")
    voice: str = Field(
        "cmn",
        pattern=r"^([A-Za-z0-9_+-]{1,40}|piper:[^\x00]{1,200})$",
        description='a voice of espeak-ng, like cmn for Mandarin; "piper:MODEL.onnx"; or "recorded": people alone',
    )
    speaking_rate: int = Field(
        120, ge=90, le=150, description="characters a minute, 90 to 150: 120 ± 25 % (JH-15)"
    )
    parameters: dict[Key, Parameter] = Field(
        default_factory=dict, description="names and texts of up to 60 characters, for {name} in texts"
    )
    answer: AnswerTable = Field(description="a table [answer]")
    greeting: SpokenTable = Field(description="a table [greeting]")
    trainee_greeting: SpokenTable | None = Field(None, description="a table [trainee_greeting]")
    overflow_greeting: SpokenTable | None = Field(None, description="a table [overflow_greeting]")
    holiday_greeting: SpokenTable | None = Field(None, description="a table [holiday_greeting]")
    holidays: dict[Key, HolidayTable] = Field(default_factory=dict, description="tables [holidays.NAME]")
    calendar: dict[str, str] = Field(
        default_factory=dict,
        description='dates like 2026-10-04 with a holiday\'s name, "workday" or "weekend"',
    )
    notice: SpokenTable | None = Field(None, description="a table [notice]")
    warning: WarningTable | None = Field(None, description="a table [warning]")
    silent_line: LadderTable = Field(description="a table [silent_line]")
    noisy_line: LadderTable = Field(description="a table [noisy_line]")
    faint_line: CorrectionTable | None = Field(None, description="a table [faint_line]")
    loud_line: CorrectionTable | None = Field(None, description="a table [loud_line]")
    menu: MenuTable | None = Field(None, description="a table [menu]")
    message: MessageTable = Field(default_factory=MessageTable, description="a table [message]")
    flow: Key | None = Field(None, description=KEY + "; one of [flows]")
    flows: dict[Key, FlowTable] = Field(default_factory=dict, description="tables [flows.NAME]")
    questions: dict[Key, QuestionTable] = Field(default_factory=dict, description="tables [questions.NAME]")
    texts: dict[Key, SpokenTable] = Field(default_factory=dict, description="tables [texts.NAME]")
    waiting: WaitingTable | None = Field(None, description="a table [waiting]")
    call_back: CallBackTable | None = Field(None, description="a table [call_back]")
    phrases: dict[Key, PhraseTable] = Field(default_factory=dict, description="tables [phrases.NAME]")
    further: FurtherTable = Field(description="a table [further]")
    farewell: FarewellTable = Field(description="a table [farewell]")
    hang_up: HangUpTable = Field(description="a table [hang_up]")
    language: LanguageTable = Field(default_factory=LanguageTable, description="a table [language]")
    _document: Document = PrivateAttr()
    _given: dict[str, str] = PrivateAttr(default_factory=dict)
    _given_in: Document | None = PrivateAttr(None)
    _calendar: Calendar = PrivateAttr()

    @property
    def document(self) -> Document:
        """The file it was read from, to place later faults on their lines."""
        return self._document

    def document_of_parameter(self, name: str) -> Document:
        """The file that gives the parameter its value: the site's own, or the dialplan's."""
        return self._given_in if self._given_in is not None and name in self._given else self._document

    @property
    def folder(self) -> Path:
        """Where dialplan.toml lies."""
        return self._document.file.absolute().parent

    @property
    def folders(self) -> tuple[Path, ...]:
        """Its own folder, then its base's, that one's base's …"""
        return tuple(file.absolute().parent for file in self._document.files)

    @property
    def voice_folder(self) -> Path:
        """Where the file lies that names the voice: a model's path begins there."""
        return self._document.place(("voice",))[0].absolute().parent

    @property
    def name(self) -> str:
        """The folder's name, which records and feed show."""
        return self.folder.name

    @property
    def values(self) -> dict[str, str]:
        """What the placeholders stand for: `[parameters]`, the site's own going first."""
        return self.parameters | self._given

    @property
    def warning_phrase(self) -> str | None:
        """Which of `phrases` the `[warning]` is, if there is one; a base's, whose phrase is left out, is none."""
        name = self.warning.phrase if self.warning else None
        return name if name in self.phrases else None

    @property
    def days(self) -> Calendar:
        """Which day is a holiday or a weekend."""
        return self._calendar
