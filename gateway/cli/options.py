"""Options that several commands share."""

import os
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_CONFIG = Path("gateway.toml")
"""In the folder one stands in."""
SERVICE_CONFIG = Path("/etc/sansheng/gateway.toml")
"""The service's: deploy/systemd and `sansheng init` name it, too."""
WHERE_ELSE = f"{DEFAULT_CONFIG}, else {SERVICE_CONFIG}"


def default_config() -> Path:
    """The config of whoever names none: this folder's; where none is, the service's, if its folder is there.

    That one may not exist or be readable: whoever reads it says so by its name.
    """
    has_none = not os.path.lexists(DEFAULT_CONFIG)
    return SERVICE_CONFIG if has_none and SERVICE_CONFIG.parent.is_dir() else DEFAULT_CONFIG


def config_if_any() -> Path | None:
    """The config of whoever names none and needs none: the default one, None where there is none."""
    config = default_config()
    try:
        return config if config.exists() else None
    except PermissionError:
        return config  # whoever reads it tells


def _named_or_default(context: typer.Context, parameter: typer.CallbackParam, named: Path) -> Path:
    source = context.get_parameter_source(parameter.name or "")
    return default_config() if source is not None and source.name == "DEFAULT" else named


ConfigOption = Annotated[
    Path,
    typer.Option(
        "-c",
        "--config",
        help="gateway.toml",
        readable=False,
        show_default=WHERE_ELSE,
        callback=_named_or_default,
    ),
]
OptionalConfig = Annotated[Path | None, typer.Option("-c", "--config", help="gateway.toml", readable=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
