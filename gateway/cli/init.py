"""`sansheng init`: asks a few questions, writes gateway.toml and its secrets, looks whether it would run."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.cli.check import check
from gateway.cli.exits import FAULT, GOOD, USAGE, complain
from gateway.cli.faults import show_faults
from gateway.cli.init_end import examine, show_next
from gateway.cli.init_terminal import StandardTerminal
from gateway.config import ConfigErrors
from gateway.config.load import password_variable
from gateway.config.passwords import hashed, matches
from gateway.dialplan import load_dialplan
from gateway.init import service
from gateway.init.answers import ETC, STATE, USER, Answers
from gateway.init.asking import Asker, OptionWrong
from gateway.init.files import Planned, State, Unwritable, write
from gateway.init.forms import WrongAnswer
from gateway.init.interview import interview
from gateway.init.modems import Finder, PortsHang
from gateway.init.toml_text import BROKER_SECRET, SIP_LINE, SIP_SECRET, WALLBOARD_SECRET, config_text
from gateway.init.words import Words

INTERRUPTED = 130
CONFIG = "gateway.toml"
_LONGEST_FILE = 4096
"""Bytes of a file with a password."""


@dataclass(frozen=True)
class InitOptions:
    """What the command line says."""

    folder: Path
    words: Words
    given: Mapping[str, str]
    """Answers, by the names of their options."""
    secret_files: Mapping[str, Path]
    """Where passwords are read from, by the names of their questions."""
    parameters: Mapping[str, str]
    take_defaults: bool = False
    dry_run: bool = False
    replace: bool = False
    doctor: bool = True


def init(options: InitOptions) -> int:
    """Ask, write, look. Gives the exit code: 0; 1 where nothing could be written or the config is wrong; 2 for an
    option that cannot be taken or is missing; 130 at Ctrl-C."""
    words = options.words
    if not options.take_defaults and not (sys.stdin.isatty() and sys.stdout.isatty()):
        complain(words("no_terminal"), USAGE)
        sys.stderr.write(
            "  sansheng init /etc/sansheng --yes --site jinan --sip direct --pbx 192.0.2.5 --callers 8 \\\n"
            "      --agents '801 802' --wallboard none --service\n  sansheng init --help\n"
        )
        return USAGE
    try:
        return _init(options)
    except OptionWrong as wrong:
        return complain(str(wrong), USAGE)
    except ConfigErrors as errors:  # a standard of the site's own that is not good
        show_faults(errors.faults)
        return FAULT
    except PortsHang as hang:
        return complain(words("ports_hang", seconds=hang), FAULT)
    except Unwritable as error:
        key = "denied" if error.denied else "unwritable"
        # Who names no folder means the service, whose folder root has for a default.
        named = [] if options.folder == Path.cwd() else [str(options.folder)]
        command = shlex.join(["sudo", "sansheng", "init", *named])
        return complain(words(key, path=error.path, reason=error, command=command), FAULT)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")  # the question's line
        return complain(words("aborted"), INTERRUPTED)


def _init(options: InitOptions) -> int:
    words, folder = options.words, options.folder
    terminal = None if options.take_defaults else StandardTerminal()
    asker = Asker(words, {**options.given, **_secrets(options)}, terminal)
    finder = Finder()
    may_serve = service.possible(folder)
    if options.given.get("service") == "y" and not may_serve:
        raise OptionWrong(f"--service: {words('service_root', etc=ETC)}")
    asker.say("intro")
    answers = interview(asker, finder, options.parameters, service=may_serve)
    if asker.has("modem"):
        _tell_absent(options, finder, answers)
    files = list(_files(options, answers, finder))
    if options.dry_run:
        _show(words, files, answers, finder)
        return GOOD
    refusal = _agreed(options, asker, files)
    if refusal is not None:
        return refusal
    _run(words, service.before() if answers.service else [])
    _write(words, files)
    _run(words, service.after(finder.machine) if answers.service else [])
    return _end(options, answers, finder)


def _end(options: InitOptions, answers: Answers, finder: Finder) -> int:
    words, config = options.words, options.folder / CONFIG
    print(f"\n{words('checking')}", flush=True)
    code = check(config, [])
    if options.doctor and code == GOOD:
        print(f"\n{words('examining')}", flush=True)
        examine(config, USER if answers.service else None)
    show_next(words, config, answers, systemd=answers.service and service.has_systemd(finder.machine))
    return code


def _secrets(options: InitOptions) -> dict[str, str]:
    """Passwords from their files; that of the SIP line from the environment, too. Raises OptionWrong."""
    found = {}
    variables = {"sip-password": password_variable(SIP_LINE), "broker-password": password_variable("mqtt")}
    for name, variable in variables.items():
        if os.environ.get(variable):
            found[name] = os.environ[variable]
    for name, file in options.secret_files.items():
        try:
            with file.open("rb") as stream:
                found[name] = stream.read(_LONGEST_FILE).decode().strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "UTF-8?"
            wrong = WrongAnswer("wrong_secret_file", file=file, reason=reason)
            raise OptionWrong(f"--{name}-file: {options.words(wrong.key, **wrong.fields)}") from None
    return found


def _tell_absent(options: InitOptions, finder: Finder, answers: Answers) -> None:
    for port in answers.modems:
        if not finder.is_there(port):
            complain(options.words("modem_absent", port=port), GOOD)


def _files(options: InitOptions, answers: Answers, finder: Finder) -> Iterator[Planned]:
    folder, words = options.folder, options.words
    pbx, broker, wallboard = answers.pbx, answers.broker, answers.wallboard
    if pbx is not None and pbx.password is not None:
        yield Planned(folder / SIP_SECRET, f"{pbx.password}\n", secret=True)
    if broker is not None and broker.password is not None:
        yield Planned(folder / BROKER_SECRET, f"{broker.password}\n", secret=True)
    if wallboard is not None and wallboard.password is not None:
        password = wallboard.password

        def same(text: str) -> bool:
            return matches(text.strip(), password)

        yield Planned(folder / WALLBOARD_SECRET, f"{hashed(password)}\n", secret=True, means_the_same=same)
    title = load_dialplan(answers.dialplan).title
    data_dir = STATE if folder == ETC else "var"
    text = config_text(answers, words, data_dir=data_dir, path=str(folder / CONFIG), title=title)
    yield Planned(folder / CONFIG, text)
    if answers.service:
        yield from finder.in_time(lambda: service.service_files(answers.modems, finder.machine))


def _show(words: Words, files: Sequence[Planned], answers: Answers, finder: Finder) -> None:
    """What would be written and run."""
    for command in service.before() if answers.service else []:
        print(f"# {words('would_run', command=service.told(command))}")
    for file in files:
        print(f"\n# ---- {file.path} (mode {file.mode:o}, {file.state()})")
        print(words("secret_hidden") if file.secret else file.text, end="\n" if file.secret else "")
    for command in service.after(finder.machine) if answers.service else []:
        print(f"# {words('would_run', command=service.told(command))}")


def _agreed(options: InitOptions, asker: Asker, files: Sequence[Planned]) -> int | None:
    """None if the files may be written; else the exit code, told why."""
    words = options.words
    asker.show("")
    for file in files:
        asker.show(f"---- {file.path}")
        asker.show(words("secret_hidden") if file.secret else file.text if file.path.name == CONFIG else "")
    if not asker.whether("write", words("write"), default=True):
        return complain(words("aborted"), FAULT)
    for file in files:
        if file.state() is not State.DIFFERENT or options.replace:
            continue
        if not asker.interactive:
            return complain(words("exists", path=file.path, backup=file.backup), FAULT)
        if not asker.whether("replace", words("replace", path=file.path, backup=file.backup), default=False):
            return complain(words("aborted"), FAULT)
    return None


def _write(words: Words, files: Sequence[Planned]) -> None:
    states = {file.path: file.state() for file in files}
    kept = write(files, USER)
    for path, state in states.items():
        if path in kept:
            print(words("kept", path=path, backup=kept[path]))
        print(words("unchanged" if state is State.SAME else "written", path=path))


def _run(words: Words, commands: Sequence[Sequence[str]]) -> None:
    """Each command; one that fails is told and stops nothing: the doctor finds what is missing."""
    for command in commands:
        told = service.told(command)
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            reason = done.stderr.strip() if done.returncode else None
        except OSError as error:
            reason = error.strerror or str(error)
        print(words("done", command=told) if reason is None else words("failed", command=told, reason=reason))
