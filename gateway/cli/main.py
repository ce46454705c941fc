"""The `sansheng` command: every subcommand, its options and its exit code (0 good, 1 a fault found, 2 usage)."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.calls_command import calls
from gateway.cli.database_app import database_app
from gateway.cli.dialplan_app import dialplan_app
from gateway.cli.feed_app import feed_app
from gateway.cli.init_command import init
from gateway.cli.modem_app import modem_app
from gateway.cli.numbers import numbers_app
from gateway.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, OptionalConfig, config_if_any
from gateway.cli.prompts_app import prompts_app
from gateway.cli.report_command import report
from gateway.cli.tickets import tickets_app
from gateway.cli.values import whole

app = typer.Typer(
    name="sansheng",
    help="三声: the hotline that answers within three rings, and never hangs up first.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sansheng {version('sansheng')}")
        raise typer.Exit


@app.callback()
def _before_any_command(
    version_wanted: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    pass  # the option has told it


app.add_typer(prompts_app, name="prompts")
app.add_typer(modem_app, name="modem")
app.add_typer(dialplan_app, name="dialplan")
app.add_typer(feed_app, name="feed")
app.add_typer(tickets_app, name="tickets")
app.add_typer(numbers_app, name="numbers")
app.add_typer(database_app, name="database")


@app.command()
def run(
    config: ConfigOption = DEFAULT_CONFIG,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Log every detail.")] = False,
) -> None:
    """Run the gateway until SIGTERM; logs to stderr, `ready` once every line is in service or reported faulty."""
    from gateway.cli.run import run as run_gateway

    raise typer.Exit(run_gateway(config, verbose=verbose))


@app.command()
def demo(
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Log every detail.")] = False,
) -> None:
    """The main job on emulated lines: customers who reach agents, talk, stay silent, make noise and ring off."""
    from gateway.demo.show import demo as run_demo

    raise typer.Exit(run_demo(verbose=verbose))


@app.command()
def check(
    dialplan: Annotated[list[str] | None, typer.Argument(help="Shipped names or folders.")] = None,
    config: OptionalConfig = None,
) -> None:
    """Validate a config and dialplans: every error as file:line: key: what is wrong, what is allowed.

    Without either: the gateway.toml of this folder, else the service's; where none is, the shipped dialplans.
    """
    from gateway.cli.check import check as check_files

    raise typer.Exit(check_files(config if dialplan else config or config_if_any(), dialplan or []))


def _named_path(text: str) -> Path:
    """An empty name would be the folder one stands in: an unset variable of a shell, not a wish."""
    if not text:
        raise typer.BadParameter("the name is empty; give a recording or a folder")
    return Path(text)


@app.command()
def listen(
    recording: Annotated[
        Path,
        typer.Argument(
            help="A recording (WAV of any kind, FLAC, MP3, Ogg), or a folder of them.",
            metavar="FILE|FOLDER",
            parser=_named_path,
        ),
    ],
    as_json: JsonOption = False,
    plot: Annotated[
        Path | None,
        typer.Option(
            help="Also draw it: a file ending in .png, .svg or .pdf.", show_default=False, readable=False
        ),
    ] = None,
    channel: Annotated[
        int | None,
        typer.Option(
            help="Hear this side alone, from 1; default: of two the left, else the mean.",
            parser=whole(1),
            metavar="NUMBER",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            help="For a folder: recordings heard at the same time.", parser=whole(1, 256), metavar="NUMBER"
        ),
    ] = 2,
) -> None:
    """What the gateway's ears hear in a recording: verdicts and call-progress tones, then a summary.

    Of a folder: the summary of all recordings below it, and those that stand out.
    """
    from gateway.cli.listen import ListenOptions
    from gateway.cli.listen import listen as listen_to

    raise typer.Exit(listen_to(recording, ListenOptions(as_json, plot, channel, jobs)))


app.command()(init)
app.command()(calls)
app.command()(report)


@app.command()
def agents(
    config: ConfigOption = DEFAULT_CONFIG,
    since: Annotated[str, typer.Option(help="Shifts since then, as 2026-11-01, 7d or today.")] = "today",
    as_json: JsonOption = False,
) -> None:
    """What each agent is now; log-ins for his shifts, and time that nothing explains (JH-20)."""
    from gateway.cli.agents import list_agents
    from gateway.cli.faults import or_faults

    raise typer.Exit(or_faults(lambda: list_agents(config, since=since, as_json=as_json)))


@app.command()
def command(
    do: Annotated[str, typer.Argument(help="What is asked, as phrase, agent, tickets; docs/feed.md lists all.")],
    fields: Annotated[
        list[str] | None, typer.Argument(help="Its fields, as agent=801 state=away.", metavar="[NAME=VALUE]...")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Ask a running gateway for something, signed if the config has a key; prints its answer."""
    from gateway.cli.command import command as ask_gateway
    from gateway.cli.faults import or_faults

    raise typer.Exit(or_faults(lambda: ask_gateway(config, do, fields or [])))


@app.command()
def password(
    caller: Annotated[
        str | None, typer.Option(metavar="USER@REALM", help="A line of a SIP line's callers_file in its place.")
    ] = None,
) -> None:
    """A password's hash, for \\[mqtt] users_file or \\[wallboard] password_file; asks for it, or reads a pipe."""
    from gateway.cli.password import password as hash_password

    raise typer.Exit(hash_password(caller))


@app.command()
def top(
    config: ConfigOption = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Show it once, and end.")] = False,
) -> None:
    """The lines of a running gateway, live in the terminal; q ends it."""
    from gateway.cli.faults import or_faults
    from gateway.cli.top import top as show_lines

    raise typer.Exit(or_faults(lambda: show_lines(config, once=once)))


@app.command("try")
def try_(
    line: Annotated[str | None, typer.Argument(help="A SIP line's id; default: the first.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Call a SIP line of a running gateway from this machine: does it answer and greet?"""
    from gateway.cli.faults import or_faults
    from gateway.cli.try_line import try_line

    raise typer.Exit(or_faults(lambda: try_line(config, line, as_json=as_json)))


@app.command()
def doctor(
    config: OptionalConfig = None,
    no_modems: Annotated[bool, typer.Option("--no-modems", help="Open no serial port.")] = False,
    as_json: JsonOption = False,
) -> None:
    """What on this machine would stop the gateway, with the cure. Looks, and changes nothing.

    Run it as the gateway's user. Without -c by the gateway.toml of this folder, else the service's; where none is,
    the machine alone.
    """
    from gateway.cli.doctor import doctor as examine

    raise typer.Exit(examine(config or config_if_any(), ask_modems=not no_modems, as_json=as_json))


def main() -> None:
    """The command's entry point; a closed pipe or Ctrl-C ends it quietly."""
    try:
        app()
    except BrokenPipeError:
        # The reader has gone (`| head`): point stdout at nothing, else the interpreter complains while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
