"""`sansheng feed …`: the feed's schemas, for who builds on it."""

from typing import Annotated

import typer

feed_app = typer.Typer(help="The line-status feed, for programs that build on it.", no_args_is_help=True)


@feed_app.command("schema")
def feed_schema(
    name: Annotated[
        str | None,
        typer.Argument(help="Of one payload, as line-state; left out: their names.", show_default=False),
    ] = None,
) -> None:
    """The JSON Schema of a payload."""
    from gateway.feed.schemas import SCHEMAS, schema_text

    if name is None:
        typer.echo("\n".join(SCHEMAS))
    elif name in SCHEMAS:
        typer.echo(schema_text(name), nl=False)
    else:
        raise typer.BadParameter(f"{name!r} is none; there are {', '.join(SCHEMAS)}")


@feed_app.command("asyncapi")
def feed_asyncapi() -> None:
    """The feed as an AsyncAPI document: topics, messages, who publishes what."""
    from gateway.feed.schemas.asyncapi import asyncapi
    from gateway.feed.schemas.catalogue import written

    typer.echo(written(asyncapi()), nl=False)
