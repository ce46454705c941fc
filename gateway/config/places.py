"""Where dialplans are found, and the pages that messages name."""

from pathlib import Path

import gateway

SHIPPED_DIALPLANS = Path(gateway.__file__).resolve().parent.parent / "dialplans"
"""The folder `dialplans/` beside the packages, in a checkout and in an installed wheel alike."""
DIALPLAN_FILE = "dialplan.toml"
_PAGES = (SHIPPED_DIALPLANS.with_name("docs"), Path("/usr/share/doc/sansheng/docs"))
"""A checkout's, the Debian package's (deploy/debian/pages.sh). A wheel has none."""


def shipped_dialplans() -> list[str]:
    """The names of the dialplans that come with the product, sorted."""
    return sorted(found.parent.name for found in SHIPPED_DIALPLANS.glob(f"*/{DIALPLAN_FILE}"))


def dialplan_folder(name: str, base: Path) -> Path | None:
    """The folder of the dialplan `name`: a shipped one, else a folder or its file, from `base`; else None.

    One that may not be looked into is taken to have the file: whoever reads that says so.
    """
    if name in shipped_dialplans():
        return SHIPPED_DIALPLANS / name
    folder = base / name
    if folder.name == DIALPLAN_FILE:
        folder = folder.parent
    try:
        return folder if (folder / DIALPLAN_FILE).is_file() else None
    except PermissionError:
        return folder
    except OSError:
        return None


def page(name: str) -> str:
    """The page `docs/NAME` as a reader of messages finds it: where it is on this machine, else in the sources."""
    folder = next((folder for folder in _PAGES if (folder / name).is_file()), Path("docs"))
    return str(folder / name)
