"""What `sansheng database` does."""

from collections.abc import Callable
from pathlib import Path

import typer
from sqlalchemy.exc import SQLAlchemyError

from gateway.cli.exits import FAULT, GOOD, complain
from gateway.config import GatewayConfig, load_config
from gateway.database import CURE, Database, RecordsError, said
from gateway.database.roll_back import roll_back as roll_database_back
from gateway.database.schema import HEAD, version_of
from gateway.records.config import SPOOL
from gateway.records.spool_file import files_in, lines_of
from gateway.starting import StartError, lock


def show_schema(config_file: Path) -> int:
    """Print both schemas; gives the exit code. Raises ConfigErrors."""
    config = load_config(config_file)

    def show(database: Database) -> str:
        if database.missing:
            return f"{database.name}: none yet; made by this version: {HEAD}"
        with database.engine.connect() as connection:
            return f"{database.name}: {version_of(connection, database.name) or 'none'}; this version's: {HEAD}"

    return _done(config, show)


def roll_back(config_file: Path, schema: str) -> int:
    """Roll the database back and say so; gives the exit code. Raises ConfigErrors."""
    config = load_config(config_file)

    def roll(database: Database) -> str:
        with lock(config.data_path):  # or a gateway that runs would migrate it again when it starts anew
            waiting = sum(1 for path in files_in(config.data_path / SPOOL) for _ in lines_of(path))
            if waiting:
                raise RecordsError(
                    f"{waiting} facts of calls are not in the database yet, and an earlier version may not read "
                    "them; start this version's gateway with its database, and stop it, then roll back"
                )
            if database.missing:
                return f"{database.name}: none yet, nothing to do"
            before = roll_database_back(database.engine, database.name, schema)
            if before <= schema:
                return f"{database.name}: schema {before}, nothing to do"
            return f"{database.name}: schema {schema} now; before: {before}; no record was changed"

    return _done(config, roll)


def _done(config: GatewayConfig, work: Callable[[Database], str]) -> int:
    try:
        database = Database(config.database_url, config.data_path)
    except RecordsError as error:
        return complain(error, FAULT)
    try:
        typer.echo(work(database))
    except (RecordsError, StartError) as error:
        return complain(error, FAULT)
    except (SQLAlchemyError, OSError) as error:
        return complain(f"the records' database {database.name} cannot be used: {said(error)}; {CURE}", FAULT)
    finally:
        database.close()
    return GOOD
