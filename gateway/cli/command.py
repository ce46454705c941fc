"""`sansheng command`: asks a running gateway for something, as the feed's topic `command` does."""

import asyncio
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gateway.cli.exits import FAULT, GOOD, USAGE, complain
from gateway.config import load_config
from gateway.feed import FeedError
from gateway.feed.configured import feed_config
from gateway.feed.requests.asking import ask
from gateway.feed.requests.commands import CommandError

TRUTHS = {"true": True, "false": False}


def command(config: Path, do: str, given: Iterable[str]) -> int:
    """Have `do` done, with fields as `name=value`; prints the answer. Gives the exit code. Raises ConfigErrors."""
    settings = feed_config(load_config(config))
    try:
        answer = asyncio.run(ask(settings, {"do": do, **fields_of(given)}))
    except (ValueError, CommandError) as error:
        return complain(error, USAGE)
    except FeedError as error:
        return complain(error, FAULT)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return GOOD if answer["ok"] else FAULT


def fields_of(given: Iterable[str]) -> dict[str, Any]:
    """`name=value` each: a ticket's number is a number, true and false are truths, the rest is text. Raises
    ValueError for what is not of that form, and for a name that is given twice or is not the user's to give."""
    fields: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise ValueError(f"{text!r}: a field is given as name=value, like agent=801")
        if name in fields or name in ("id", "do", "ts", "sign"):
            raise ValueError(f"{name} is {'given twice' if name in fields else 'made by the command itself'}")
        fields[name] = int(value) if name == "ticket" and value.isdecimal() else TRUTHS.get(value, value)
    return fields
