"""What `sansheng database close-calls` does."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import typer
from sqlalchemy.exc import SQLAlchemyError

from gateway.cli.exits import FAULT, GOOD, USAGE, complain
from gateway.cli.since import SinceError, parse_since
from gateway.config import load_config
from gateway.database import CURE, RecordsError, said
from gateway.database.run_lock import GRACE
from gateway.records.configured import records_config
from gateway.records.ledger import Ledger


def close_calls(config_file: Path, site: str, silent: str) -> int:
    """Close the calls that are open of `site`, which has told nothing for `silent`, as `10m`; gives the exit code.
    Raises ConfigErrors."""
    config = load_config(config_file)
    records = replace(records_config(config), site=site)
    try:
        since = parse_since(silent, datetime.now(records.zone), "--silent")
    except SinceError as error:
        return complain(error, USAGE)
    if site == config.site:
        return complain(f"{site}: this gateway's own site; it closes its calls when it starts", FAULT)
    try:
        ledger = Ledger(records)
    except RecordsError as error:
        return complain(error, FAULT)
    try:
        last = ledger.last_fact()
        if last is None:
            return complain(f"{site}: {ledger.name} has nothing of this site; is it spelled so?", FAULT)
        if last > since:
            told = f"{site}: its gateway told something at {last:%Y-%m-%d %H:%M:%S}, it is not gone"
            return complain(f"{told}; if it is all the same, use a shorter --silent", FAULT)
        for call in (closed := ledger.close_orphans()):
            typer.echo(call)
        typer.echo(f"{site}: {len(closed)} calls closed as fault", err=True)
        if ledger.unsettled:
            told = "a gateway of this site lives, or did a moment ago, or the database was just started"
            return complain(f"{site}: {told}; stop that gateway, or try again in {GRACE:g} s", FAULT)
    except RecordsError as error:
        return complain(error, FAULT)
    except (SQLAlchemyError, OSError) as error:
        return complain(f"the records' database {ledger.name} cannot be used: {said(error)}; {CURE}", FAULT)
    finally:
        ledger.close()
    return GOOD
