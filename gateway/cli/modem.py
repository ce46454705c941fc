"""`sansheng modem probe PORT`: what a modem is and can do, and whether the gateway can use it."""

import json
import logging
import sys

from drivers.fxo.config import FxoConfig
from drivers.fxo.errors import FxoError
from drivers.fxo.findings import find_out
from gateway.cli.interruptible import run_to_its_end
from gateway.cli.log import no_log
from gateway.cli.modem_shown import as_fields, show

SEIZING = (
    "sansheng: --off-hook seizes the telephone line on {port} for some four seconds: "
    "who calls meanwhile finds it busy"
)

STOPPING = "sansheng: stopping; the line is put on-hook"


def probe(port: str, *, as_json: bool = False, off_hook: bool = False) -> int:
    """Print what the modem on `port` is, and leave it on-hook, also when a signal cuts this short.

    Gives the exit code: 0; 1 where the gateway could not use it, with the cure; 128 and the number of a signal.
    """
    if off_hook:
        print(SEIZING.format(port=port), file=sys.stderr)
    config = FxoConfig("probe", port)
    try:
        with no_log(logging.WARNING):
            found, stopped = run_to_its_end(lambda stop: find_out(config, stop, off_hook=off_hook), STOPPING)
    except FxoError as error:
        if as_json:
            print(json.dumps({"port": port, "usable": False, "code": error.code, "detail": str(error)}))
        else:
            print(f"sansheng: {error}", file=sys.stderr)
        return 1
    if found is None or stopped is not None:
        return stopped or 1
    if as_json:
        print(json.dumps(as_fields(config, found), ensure_ascii=False))
    else:
        show(config, found)
    return 0 if found.unfit is None else 1
