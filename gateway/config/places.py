"""Where dialplans are found."""

from pathlib import Path

import gateway

SHIPPED_DIALPLANS = Path(gateway.__file__).resolve().parent.parent / "dialplans"
"""The folder `dialplans/` beside the packages, in a checkout and in an installed wheel alike."""
DIALPLAN_FILE = "dialplan.toml"


def shipped_dialplans() -> list[str]:
    """The names of the dialplans that come with the product, sorted."""
    return sorted(found.parent.name for found in SHIPPED_DIALPLANS.glob(f"*/{DIALPLAN_FILE}"))


def dialplan_folder(name: str, base: Path) -> Path | None:
    """The folder of the dialplan `name`: a shipped one, else a folder or its file, from `base`; else None."""
    if name in shipped_dialplans():
        return SHIPPED_DIALPLANS / name
    folder = base / name
    if folder.name == DIALPLAN_FILE:
        folder = folder.parent
    try:
        return folder if (folder / DIALPLAN_FILE).is_file() else None
    except OSError:
        return None
