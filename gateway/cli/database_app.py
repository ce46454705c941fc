"""`sansheng database`: the schema of the records' database, and back to an earlier one."""

from typing import Annotated

import typer

from gateway.cli.options import DEFAULT_CONFIG, ConfigOption

database_app = typer.Typer(
    no_args_is_help=True, help="The schema of the records' database, and the way back to an earlier one."
)


@database_app.command("schema")
def schema(
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """The schema that this version knows, and the one that the database has."""
    from gateway.cli.database import show_schema
    from gateway.cli.faults import or_faults

    raise typer.Exit(or_faults(lambda: show_schema(config)))


@database_app.command("roll-back")
def roll_back(
    schema: Annotated[str, typer.Argument(help="The newest schema of the earlier version, as 0006.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Let an earlier version open the database, with every record that was written since; the gateway is stopped.

    Run it with the newer version, before the earlier one is installed; the Debian package does so by itself.
    """
    from gateway.cli.database import roll_back as roll_database_back
    from gateway.cli.faults import or_faults

    raise typer.Exit(or_faults(lambda: roll_database_back(config, schema)))


@database_app.command("close-calls")
def close_calls(
    site: Annotated[str, typer.Argument(help="Whose calls: the `site` of the gateway that is gone.")],
    config: ConfigOption = DEFAULT_CONFIG,
    silent: Annotated[
        str, typer.Option(help="Only if that gateway has told nothing for so long.", metavar="TIME")
    ] = "10m",
) -> None:
    """Close, as a fault, the calls of another gateway that died in mid-call and does not come back.

    One that does come back closes them by itself. CONFIG is that of any gateway with the same database.
    """
    from gateway.cli.close_calls import close_calls as close_all
    from gateway.cli.faults import or_faults

    raise typer.Exit(or_faults(lambda: close_all(config, site, silent)))
