"""The name under which a tty stays the same."""

from pathlib import Path

SERIAL = Path("/dev/serial")
KINDS = ("by-path", "by-id")
"""The socket it sits in first: cheap modems share one serial number, and by-id with it."""


def lasting_name(port: str, serial: Path = SERIAL) -> str:
    """A link to `port` below /dev/serial, by-path rather than by-id; `port` itself where there is none."""
    device = Path(port).resolve()
    for kind in KINDS:
        folder = serial / kind
        links = sorted(folder.iterdir()) if folder.is_dir() else []
        for link in links:
            if link.resolve() == device:
                return str(link)
    return port
