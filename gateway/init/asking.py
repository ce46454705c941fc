"""How an answer is come by: an option, else the person at the terminal, else the default."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gateway.init.forms import WrongAnswer, yes_or_no
from gateway.init.words import Words

T = TypeVar("T")


class Terminal(Protocol):
    """The person's side. Its end (Ctrl-D) is an EOFError."""

    def say(self, text: str) -> None:
        """Show a line."""

    def ask(self, prompt: str, *, secret: bool = False) -> str:
        """A line that was typed; a secret one unseen."""


class OptionWrong(Exception):
    """An answer given by option cannot be taken, or is missing: wrong usage. The message names the option."""


@dataclass(frozen=True, slots=True)
class Question:
    """One of them."""

    name: str
    """Of the option that gives the answer, without `--`."""
    prompt: str
    default: str | None = None
    """None: it must be answered."""
    secret: bool = False


class Asker:
    """Asks. `given` are the answers by option; without a terminal the defaults hold."""

    def __init__(self, words: Words, given: Mapping[str, str], terminal: Terminal | None) -> None:
        self.words = words
        self._given = given
        self._terminal = terminal

    @property
    def interactive(self) -> bool:
        """Whether there is somebody to ask."""
        return self._terminal is not None

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return name in self._given

    def say(self, key: str, **fields: object) -> None:
        """Tell the person at the terminal; nobody else."""
        if self._terminal is not None:
            self._terminal.say(self.words(key, **fields))

    def show(self, text: str) -> None:
        """As `say`, of a ready text."""
        if self._terminal is not None:
            self._terminal.say(text)

    def ask(self, question: Question, parse: Callable[[str], T]) -> T:
        """The answer, asked again until `parse` takes it. Raises OptionWrong where the option's cannot be taken,
        or nobody is there to answer."""
        if question.name in self._given:
            return self._of_option(question, parse)
        while True:
            text = self._answer(question)
            try:
                answer = parse(text)
                if question.secret and self._typed(self.words("again"), secret=True) != text:
                    raise WrongAnswer("wrong_twice")
            except WrongAnswer as wrong:
                if self._terminal is None:  # a default that does not fit here
                    raise OptionWrong(f"--{question.name}: {self.words(wrong.key, **wrong.fields)}") from None
                told = self.words(wrong.key, **wrong.fields)
                missing = not text and question.default is None
                self._terminal.say(f"  {self.words('wrong_required', allowed=told) if missing else told}")
            else:
                return answer

    def whether(self, name: str, prompt: str, *, default: bool) -> bool:
        """A question to be answered by y or n."""
        if name in self._given:
            return yes_or_no(self._given[name])
        hint = self.words("yes" if default else "no")
        while self._terminal is not None:
            text = self._typed(f"{prompt}? [{hint}] ")
            try:
                return yes_or_no(text) if text else default
            except WrongAnswer as wrong:
                self._terminal.say(f"  {self.words(wrong.key, **wrong.fields)}")
        return default

    def _of_option(self, question: Question, parse: Callable[[str], T]) -> T:
        try:
            return parse(self._given[question.name])
        except WrongAnswer as wrong:
            told = "" if question.secret else f"{self._given[question.name]!r}: "
            raise OptionWrong(f"--{question.name}: {told}{self.words(wrong.key, **wrong.fields)}") from None

    def _answer(self, question: Question) -> str:
        if self._terminal is None:
            if question.default is None:
                option = f"--{question.name}{'-file' if question.secret else ''}"
                raise OptionWrong(self.words("missing", what=question.prompt, option=option))
            return question.default
        shown = f" [{question.default}]" if question.default else ""
        return self._typed(f"{question.prompt}{shown}: ", secret=question.secret) or question.default or ""

    def _typed(self, prompt: str, *, secret: bool = False) -> str:
        assert self._terminal is not None
        text = self._terminal.ask(prompt, secret=secret)
        return text if secret else text.strip()
