"""`sansheng prompts …`: its subcommands and their options."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import JsonOption, OptionalConfig, config_if_any

prompts_app = typer.Typer(help="Recordings: build, check, import, list.", no_args_is_help=True)


@prompts_app.command("build")
def prompts_build(
    dialplan: Annotated[str | None, typer.Argument(help="Shipped name or folder.")] = None,
    config: OptionalConfig = None,
    piper: Annotated[
        Path | None, typer.Option(help="A Piper model to speak with, MODEL.onnx.", show_default=False)
    ] = None,
) -> None:
    """Synthesise the recordings that are missing."""
    from gateway.cli import prompts

    raise typer.Exit(prompts.build(dialplan, config or config_if_any(), piper=piper))


@prompts_app.command("check")
def prompts_check(
    dialplan: Annotated[str | None, typer.Argument(help="Shipped name or folder.")] = None,
    config: OptionalConfig = None,
    as_json: JsonOption = False,
) -> None:
    """Measure every recording: speaking rate, level, clipping, silence, DC, format."""
    from gateway.cli import prompts

    raise typer.Exit(prompts.check(dialplan, config or config_if_any(), as_json=as_json))


@prompts_app.command("import")
def prompts_import(
    folder: Annotated[
        Path, typer.Argument(help="Recordings of any kind, named like the prompts.", readable=False)
    ],
    dialplan: Annotated[str | None, typer.Argument(help="Shipped name or folder.")] = None,
    config: OptionalConfig = None,
    to: Annotated[
        Path | None, typer.Option(help="Put them there, not in the dialplan's prompts/.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Convert a voice talent's files for the telephone, and check them."""
    from gateway.cli import prompts

    raise typer.Exit(
        prompts.import_recordings(folder, dialplan, config or config_if_any(), to=to, as_json=as_json)
    )


@prompts_app.command("list")
def prompts_list(
    dialplan: Annotated[str | None, typer.Argument(help="Shipped name or folder.")] = None,
    config: OptionalConfig = None,
) -> None:
    """List every prompt: key, clause, text, recording."""
    from gateway.cli import prompts

    raise typer.Exit(prompts.list_prompts(dialplan, config or config_if_any()))
