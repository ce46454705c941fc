"""The `sansheng` command: every subcommand, its options and its exit code (0 good, 1 a fault found, 2 usage)."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.numbers import numbers_app
from gateway.cli.tickets import tickets_app

app = typer.Typer(
    name="sansheng",
    help="三声: the hotline that answers within three rings, and never hangs up first.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
prompts_app = typer.Typer(help="Recordings: build, check, import, list.", no_args_is_help=True)
modem_app = typer.Typer(help="Voice modems.", no_args_is_help=True)
dialplan_app = typer.Typer(help="Dialplans: the service standards.", no_args_is_help=True)
app.add_typer(prompts_app, name="prompts")
app.add_typer(modem_app, name="modem")
app.add_typer(dialplan_app, name="dialplan")
app.add_typer(tickets_app, name="tickets")
app.add_typer(numbers_app, name="numbers")

ConfigOption = Annotated[
    Path, typer.Option("-c", "--config", help="gateway.toml", readable=False, show_default=True)
]
OptionalConfig = Annotated[Path | None, typer.Option("-c", "--config", help="gateway.toml", readable=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
DEFAULT_CONFIG = Path("gateway.toml")


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
    """Validate a config and dialplans: every error as file:line: key: what is wrong, what is allowed."""
    from gateway.cli.check import check as check_files

    raise typer.Exit(check_files(config, dialplan or []))


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
            min=1,
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(help="For a folder: recordings heard at the same time.", min=1, max=256)
    ] = 2,
) -> None:
    """What the gateway's ears hear in a recording: verdicts and call-progress tones, then a summary.

    Of a folder: the summary of all recordings below it, and those that stand out.
    """
    from gateway.cli.listen import ListenOptions
    from gateway.cli.listen import listen as listen_to

    raise typer.Exit(listen_to(recording, ListenOptions(as_json, plot, channel, jobs)))


@app.command()
def calls(
    what: Annotated[str | None, typer.Argument(help="`show`, to see one call.", metavar="[show ID]")] = None,
    call_id: Annotated[str | None, typer.Argument(help="Its id, or how it begins.", hidden=True)] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    since: Annotated[
        str | None, typer.Option(help="Only calls offered since, as 2026-11-01 or with time.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Call records; `calls show ID` tells one call's timeline with the clause each step keeps or breaks."""
    from gateway.cli.faults import or_faults
    from gateway.cli.on_record import list_calls, show_call

    if what is None:
        raise typer.Exit(or_faults(lambda: list_calls(config, since=since, as_json=as_json)))
    if what != "show" or call_id is None:
        raise typer.BadParameter("it is `sansheng calls` or `sansheng calls show ID`")
    raise typer.Exit(or_faults(lambda: show_call(config, call_id)))


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
def doctor(
    config: OptionalConfig = None,
    no_modems: Annotated[bool, typer.Option("--no-modems", help="Open no serial port.")] = False,
    as_json: JsonOption = False,
) -> None:
    """What on this machine would stop the gateway, with the cure. Looks, and changes nothing.

    Run it as the gateway's user. Without -c by the gateway.toml of this folder; where none is, the machine alone.
    """
    from gateway.cli.doctor import doctor as examine

    if config is None and DEFAULT_CONFIG.exists():
        config = DEFAULT_CONFIG
    raise typer.Exit(examine(config, ask_modems=not no_modems, as_json=as_json))


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

    raise typer.Exit(prompts.build(dialplan, config, piper=piper))


@prompts_app.command("check")
def prompts_check(
    dialplan: Annotated[str | None, typer.Argument(help="Shipped name or folder.")] = None,
    config: OptionalConfig = None,
    as_json: JsonOption = False,
) -> None:
    """Measure every recording: speaking rate, level, clipping, silence, DC, format."""
    from gateway.cli import prompts

    raise typer.Exit(prompts.check(dialplan, config, as_json=as_json))


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

    raise typer.Exit(prompts.import_recordings(folder, dialplan, config, to=to, as_json=as_json))


@prompts_app.command("list")
def prompts_list(
    dialplan: Annotated[str | None, typer.Argument(help="Shipped name or folder.")] = None,
    config: OptionalConfig = None,
) -> None:
    """List every prompt: key, clause, text, recording."""
    from gateway.cli import prompts

    raise typer.Exit(prompts.list_prompts(dialplan, config))


@dialplan_app.command("walk")
def dialplan_walk(
    dialplan: Annotated[str | None, typer.Argument(help="Shipped name or folder.")] = None,
    config: OptionalConfig = None,
    line: Annotated[
        str, typer.Option(help="silent, noisy, talking, loud, faint, waiting or on-hold.", metavar="LINE")
    ] = "talking",
    driver: Annotated[
        str | None,
        typer.Option(
            help="The kind of line, fxo or sip; default: the config's first, else sip.", metavar="DRIVER"
        ),
    ] = None,
    date: Annotated[str | None, typer.Option(help="The day of the call, as 2026-02-17; default: today.")] = None,
    time: Annotated[str | None, typer.Option(help="When it begins to ring, as 23:59:50; default: 10:00.")] = None,
    timezone: Annotated[str | None, typer.Option(help="The site's zone; default: Asia/Shanghai.")] = None,
    agent: Annotated[str | None, typer.Option(help="Who greets, 1 to 8 digits; default: 801.")] = None,
    trainee: Annotated[bool, typer.Option("--trainee", help="The agent is a trainee.")] = False,
    overflow: Annotated[
        bool, typer.Option("--overflow", help="More customers call than agents are there.")
    ] = False,
    keys: Annotated[
        str | None, typer.Option(help="What is pressed at the menu, then at each question: 3 or ,13812345678#")
    ] = None,
    wait: Annotated[
        float | None, typer.Option(help="Seconds the agent lets the customer wait.", min=0.5, max=3600)
    ] = None,
    phrase: Annotated[
        list[str] | None, typer.Option(help="What the agent has said to him; may be repeated.")
    ] = None,
    stay: Annotated[bool, typer.Option("--stay", help="The customer never hangs up.")] = False,
    answers: Annotated[
        float | None, typer.Option(help="Seconds after which an agent answers.", min=0, max=3600)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """A call by a dialplan, in virtual time: when what is said, by which clause, and what ends it."""
    from gateway.cli.walk import WalkOptions, walk

    options = WalkOptions(
        dialplan,
        config,
        line,
        date,
        time,
        timezone,
        agent,
        trainee,
        overflow,
        keys,
        wait,
        tuple(phrase or ()),
        stay,
        driver,
        answers,
    )
    raise typer.Exit(walk(options, as_json=as_json))


@dialplan_app.command("page")
def dialplan_page(
    dialplan: Annotated[list[str], typer.Argument(help="Shipped names or folders.")],
    write: Annotated[bool, typer.Option("--write", help="Write README.md beside each dialplan.toml.")] = False,
) -> None:
    """A dialplan as a page: its standard clause by clause, and everything a caller can hear."""
    from gateway.cli.dialplan import page

    raise typer.Exit(page(dialplan, write=write))


@dialplan_app.command("schema")
def dialplan_schema() -> None:
    """The JSON Schema of dialplan.toml, with which editors complete and check."""
    from gateway.cli.dialplan import schema

    raise typer.Exit(schema())


def _named_tty(text: str) -> Path:
    """An empty name would be the folder one stands in."""
    if not text:
        raise typer.BadParameter("the name is empty; give a tty, such as /dev/ttyACM0")
    return Path(text)


@modem_app.command("probe")
def modem_probe(
    port: Annotated[Path, typer.Argument(help="A tty's path.", metavar="PORT", parser=_named_tty)],
    off_hook: Annotated[
        bool,
        typer.Option("--off-hook", help="Also seize the line for four seconds: full duplex? what audio rate?"),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """What a modem is, can do and cannot do, and its [[lines]] block; the line is on-hook after it, ^C or not."""
    from gateway.cli.modem import probe

    raise typer.Exit(probe(str(port), as_json=as_json, off_hook=off_hook))


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
