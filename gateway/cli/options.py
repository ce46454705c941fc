"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[
    Path, typer.Option("-c", "--config", help="gateway.toml", readable=False, show_default=True)
]
OptionalConfig = Annotated[Path | None, typer.Option("-c", "--config", help="gateway.toml", readable=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
DEFAULT_CONFIG = Path("gateway.toml")
