"""The recordings in which a number's customers are heard."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.privacy.held import Held, chunks
from gateway.records.schema import CallRow
from gateway.tickets.schema import TicketRow

SUFFIX: Final = ".wav"


def named(session: Session, held: Held) -> dict[str, str]:
    """The site of each recording of these calls and tickets, by its name as the records have it."""
    sites: dict[str, str] = {}
    for some in chunks(held.calls):
        rows = session.execute(
            select(CallRow.site, CallRow.recording, CallRow.answers).where(CallRow.call.in_(some))
        )
        sites |= {name: site for site, *row in rows for name in _names(*row)}
    for some in chunks(held.own_tickets):
        rows = session.execute(
            select(TicketRow.site, TicketRow.recording, TicketRow.answers).where(TicketRow.id.in_(some))
        )
        sites |= {name: site for site, *row in rows for name in _names(*row)}
    return sites


def _names(recording: str | None, answers: Iterable[dict[str, Any]] | None) -> list[str]:
    found = [recording, *(answer["recording"] for answer in answers or ())]
    return [name for name in found if name is not None]


class Recordings:
    """The recordings' folder of this gateway."""

    def __init__(self, folder: Path, site: str) -> None:
        self._folder = folder
        self._site = site
        self.deleted = 0
        self.left: dict[str, str] = {}
        """Why a recording could not be deleted, by its name."""

    def found(self, name: str) -> Path | None:
        """The file of this name, also where the folder has been moved since; None: there is none here. Never one
        outside the folder, whatever the records say."""
        path = self._folder / Path(name).parent.name / Path(name).name
        for one in (Path(name), path, self._folder / Path(name).name):
            inside = one.parent.resolve().is_relative_to(self._folder.resolve())
            if one.suffix == SUFFIX and inside and one.is_file() and not one.is_symlink():
                return one
        return None

    def delete(self, names: dict[str, str]) -> None:
        """Delete these recordings, each of the site that is told."""
        for name, site in sorted(names.items()):
            path = self.found(name)
            try:
                if path is not None:
                    path.unlink()
                    self.deleted += 1
                elif os.path.lexists(name):
                    self.left[name] = "it is not in this gateway's recordings' folder; delete it there"
                elif site != self._site:
                    self.left[name] = f"it is site {site}'s; delete it on that machine"
            except OSError as error:
                self.left[name] = str(error.strerror)

    def gone(self, name: str | None) -> bool:
        """Whether nothing is left of it."""
        return name is None or name not in self.left
