"""`sansheng modem probe PORT`: what a modem is and can do, and whether the gateway can use it."""

import json
import logging
import sys
from typing import Any

from rich.console import Console

from drivers.fxo.errors import FxoError
from drivers.fxo.start_up import ModemSetup
from drivers.fxo.survey import survey_now


def probe(port: str, *, as_json: bool = False) -> int:
    """Print what the modem on `port` is; 1 where the gateway could not use it, with the cure."""
    # What the driver logs on its way is for a gateway's log, not for this answer.
    logging.disable(logging.WARNING)
    try:
        found = survey_now(port)
    except FxoError as error:
        if as_json:
            print(json.dumps({"port": port, "usable": False, "code": error.code, "detail": str(error)}))
        else:
            print(f"sansheng: {error}", file=sys.stderr)
        return 1
    fields = _fields(port, found)
    if as_json:
        print(json.dumps(fields))
        return 0
    console = Console(highlight=False)
    for name, value in fields.items():
        console.print(f"{name:<8} {', '.join(value) if isinstance(value, list) else value}")
    return 0


def _fields(port: str, found: ModemSetup) -> dict[str, Any]:
    return {
        "port": port,
        "usable": True,
        "identity": found.identity,
        "profile": found.profile.name,
        "codings": [f"{mode.coding.value} (+VSM={mode.id})" for mode in found.modes],
        "echo": "stays on" if found.echoes else "off",
    }
