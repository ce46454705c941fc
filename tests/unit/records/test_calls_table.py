"""The table of calls: how it is laid out, whatever stands in it, and that a long one is cheap."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from gateway.call.facts import ReleasedBy
from gateway.cli.calls_table import print_calls
from gateway.records import CallRecord, Direction, Judgement
from gateway.records.folding import closed
from gateway.records.noted import PromptNoted
from tests.service.told import MORNING

pytestmark = pytest.mark.unit

OPEN = CallRecord("c1", "jinan", "sip1", "sip", "jihua-gas", "801", MORNING, caller="13812345678", rings=2)


def ended(cause: str = "bye", prompts: Iterable[str] = ("greeting",)) -> CallRecord:
    said = tuple(PromptNoted(prompt, "您好", "JH-3", started_at=MORNING) for prompt in prompts)
    call = replace(OPEN, answered_at=MORNING, prompts=said)
    return replace(
        closed(call, MORNING, ReleasedBy.CUSTOMER, cause), compliance=(Judgement("JH-3", False, "", ""),)
    )


def table(*calls: CallRecord, width: int = 120, colours: bool = False) -> list[str]:
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=colours, color_system="standard" if colours else None)
    print_calls(calls, console)
    return out.getvalue().splitlines()


def test_cells_stand_below_their_heads() -> None:
    title, head, rule, first, second = table(OPEN, replace(ended(), call="c2", direction=Direction.OUT))
    assert title.strip() == "Calls"
    assert set(rule) == {"─"}
    for line in (first, second):
        assert line[head.index("ended") :].startswith(("open ", "customer: bye "))
        assert line[head.index("rings") :][:5] == "    2"
    assert second[head.index("caller") :].startswith("→ 13812345678 ")
    assert second[head.index("standard") :].startswith("breaks JH-3 ")
    assert second.endswith(" greeting")


def test_prompts_are_folded_in_their_column() -> None:
    prompts = [f"waiting-{number}" for number in range(30)]
    _, head, _, *lines = table(ended(prompts=prompts))
    assert len(lines) > 3
    assert max(map(len, lines)) <= 120
    at = head.index("prompts")
    assert " ".join(line[at:].strip() for line in lines).split() == prompts
    assert not any(line[:at].strip() for line in lines[1:])


def test_a_word_longer_than_its_column_is_broken() -> None:
    word = "a-key-" * 40
    _, head, _, *lines = table(ended(prompts=[word]))
    assert len(lines) > 3
    assert max(map(len, lines)) <= 120
    assert "".join(line[head.index("prompts") :].strip() for line in lines) == word


def test_what_is_too_long_is_cut_and_the_id_never() -> None:
    call = replace(ended("no " * 200), call="c" * 50)
    _, _, _, line = table(call)
    assert line.startswith("c" * 50)
    assert "…" in line
    assert len(line) <= 120


def test_a_peers_line_breaks_and_commands_to_the_terminal_are_none() -> None:
    lines = table(replace(ended("a\nb\x1b[2J\x9b"), caller="1\r2"))
    assert len(lines) == 4
    assert "1\N{REPLACEMENT CHARACTER}2" in lines[-1]
    assert not set("\x1b\x9b\r") & set("".join(lines))


def test_colours_where_the_terminal_has_them() -> None:
    lines = table(OPEN, ended(), colours=True)
    assert "\x1b[33mopen" in lines[-2]
    assert "\x1b[31mbreaks JH-3" in lines[-1]


def test_a_row_costs_a_few_steps() -> None:
    """Steps of Python, as times differ from machine to machine; a layout engine takes thousands for a row."""
    steps = 0

    def counted(*_: object) -> None:
        nonlocal steps
        steps += 1

    calls = [replace(ended(), call=f"call-{number}") for number in range(400)]
    console = Console(file=StringIO(), width=120)
    print_calls(calls[:1], console)
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        print_calls(calls, console)
    finally:
        sys.setprofile(before)
    assert steps / len(calls) < 600
