"""What `sansheng modem probe` prints: one JSON object, or a table and the block for gateway.toml."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from drivers.fxo.codecs import ListedCoding
from drivers.fxo.config import FxoConfig
from drivers.fxo.country import COUNTRIES, NAMES
from drivers.fxo.findings import Findings
from drivers.fxo.limits import limits
from drivers.fxo.off_hook_trial import Trial
from gateway.doctor.machine import Machine
from gateway.doctor.tty import lasting_name, look_at

NOT_SPOKEN = "not spoken here"


def lines_block(config: FxoConfig, machine: Machine | None = None) -> str:
    """A `[[lines]]` block for this modem, ready to paste, with the name that its port keeps (on `machine`)."""
    machine = machine or Machine()
    port = lasting_name(machine, look_at(machine, config.port)) or config.port
    port = port.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(
        (
            "[[lines]]",
            'id = "fxo1"',
            'driver = "fxo"',
            f'port = "{port}"',
            'profile = "auto"',
            f'tones = "{config.tones}"',
        )
    )


def as_fields(config: FxoConfig, found: Findings) -> dict[str, Any]:
    """Everything, under the keys of docs/modems.md."""
    unfit, setup = found.unfit, found.setup
    wanted = COUNTRIES.get(config.tones)
    return {
        "port": config.port,
        "usable": unfit is None,
        **({"code": unfit.code, "detail": str(unfit)} if unfit is not None else {}),
        "identity": found.words.told(),
        "firmware": found.firmware,
        "usb": str(found.words.usb) if found.words.usb is not None else None,
        "profile": found.profile.name,
        "voice": found.voice,
        "classes": " ".join(found.classes) or None,
        "codings": [f"{mode.coding.value} (+VSM={mode.id})" for mode in setup.modes] if setup is not None else [],
        "listed": [
            {"id": one.id, "name": one.name, "coding": one.coding.value if one.coding else None}
            for one in found.codings
        ],
        "echo": None if setup is None else "stays on" if setup.echoes else "off",
        "duplex": found.duplex,
        "caller_id": found.caller_id,
        "country": {
            "set": found.country,
            "wanted": wanted,
            "offered": wanted in found.countries if found.countries else None,
        },
        "sources": {str(number): label for number, label in found.sources.items()},
        "told": {command: list(lines) for command, lines in found.told.items()},
        "off_hook": _trial_fields(found.trial),
        "limits": limits(found, config.tones),
        "lines": lines_block(config),
    }


def show(config: FxoConfig, found: Findings) -> None:
    """The table, what the modem cannot do, and the block."""
    console = Console(highlight=False)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in _rows(config, found):
        table.add_row(name, Text(value))
    console.print(table)
    lacks = limits(found, config.tones)
    if lacks:
        console.print("\n[bold]What it cannot do, and what that means here[/bold]")
        for lack in lacks:
            console.print(Text(f"- {lack}"))
    if found.unfit is None:
        console.print("\n[bold]For gateway.toml[/bold]")
        print(lines_block(config))


def _rows(config: FxoConfig, found: Findings) -> list[tuple[str, str]]:
    setup = found.setup
    rows = [
        ("port", config.port),
        ("usable", "yes" if found.unfit is None else f"no: {found.unfit}"),
        ("identity", found.words.told()),
        ("firmware", found.firmware or "not told"),
        ("usb", str(found.words.usb) if found.words.usb is not None else "no USB device, or not known"),
        ("profile", f"{found.profile.name}: {found.profile.title}"),
        (
            "voice",
            ("yes" if found.voice else "no") + (f" (classes {' '.join(found.classes)})" * bool(found.classes)),
        ),
    ]
    if setup is not None:
        rows.append(("codings", ", ".join(f"{mode.coding.value} (+VSM={mode.id})" for mode in setup.modes)))
    rows += [("listed" if index == 0 else "", _listed(one)) for index, one in enumerate(found.codings)]
    rows += [
        ("duplex", _duplex(found)),
        (
            "caller ID",
            {True: "on, read back", False: "refused", None: "taken, cannot be read back"}[found.caller_id],
        ),
        ("country", _country(config, found)),
        (
            "sources",
            ", ".join(f"{number} {label}".strip() for number, label in found.sources.items()) or "not told",
        ),
    ]
    if setup is not None:
        rows.append(("echo", "stays on" if setup.echoes else "off"))
    if found.trial is not None:
        rows.append(("off-hook", _off_hook(found.trial)))
    return rows + [(command.removeprefix("AT"), " / ".join(lines)) for command, lines in found.told.items()]


def _listed(one: ListedCoding) -> str:
    return f'{one.id} "{one.name}": {one.coding.value if one.coding is not None else NOT_SPOKEN}'


def _duplex(found: Findings) -> str:
    if found.trial is not None and found.trial.duplex is not None:
        return "yes, tried" if found.trial.duplex else "no, tried: half duplex"
    return "expected" if found.duplex else "not known of its family"


def _country(config: FxoConfig, found: Findings) -> str:
    wanted = COUNTRIES.get(config.tones)
    now = f"{found.country} {NAMES.get(found.country, '')}".strip() if found.country else "cannot be read"
    if not found.countries or wanted is None:
        return f"{now}; offers: not told"
    return (
        f"{now}; offers {len(found.countries)}, {wanted} {'' if wanted in found.countries else 'not '}among them"
    )


def _off_hook(trial: Trial) -> str:
    if trial.refused is not None:
        return f"not seized: {trial.refused}"
    if trial.bytes_per_second is None:
        return "seized; no audio came"
    return f"seized; {trial.bytes_per_second:.0f} bytes/s received"


def _trial_fields(trial: Trial | None) -> dict[str, Any] | None:
    if trial is None:
        return None
    rate = trial.bytes_per_second
    return {
        "seized": trial.refused is None,
        "refused": trial.refused,
        "audio": trial.receives,
        "bytes_per_second": round(rate) if rate is not None else None,
    }
