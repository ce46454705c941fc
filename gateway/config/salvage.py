"""What is left of a config without its wrong keys: enough to look for other faults, never to run."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from gateway.config.document import Document
from gateway.config.faults import ConfigErrors
from gateway.config.models import GatewayConfig
from gateway.config.validate import validate

_SOME_LINE: Final = {"id": "line", "driver": "fxo", "port": "/dev/null"}
"""In the place of lines that are wrong: a config has one at least. No check that reads lines sees it."""


def salvaged(document: Document, wrong: Iterable[str]) -> GatewayConfig | None:
    """The config without the keys that are `wrong`, named as faults do; None where it is no config even so."""
    data = dict(document.data)
    for key in wrong:
        table, _, rest = key.partition(".")
        name, within = rest.partition("[")[0], document.data.get(table)
        if isinstance(within, dict) and name in within:
            if table in data:
                data[table] = {other: value for other, value in data[table].items() if other != name}
        else:
            data.pop(table.partition("[")[0], None)
    data.setdefault("lines", [_SOME_LINE])
    try:
        config = validate(GatewayConfig, replace(document, data=data))
    except ConfigErrors:
        return None
    config._document = document
    return config
