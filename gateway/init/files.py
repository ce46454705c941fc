"""Files written all or none: beside their places first, then into them; what was there before is kept."""

import grp
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SECRET_MODE, PLAIN_MODE = 0o640, 0o644
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class State(StrEnum):
    """A planned file beside what is there."""

    NEW = "new"
    SAME = "same"
    DIFFERENT = "different"


class Unwritable(Exception):
    """A file cannot be written; none was. The message is the system's."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(error.strerror or str(error))
        self.path = path
        self.denied = isinstance(error, PermissionError)
        """Whether another user could write it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that is to be."""

    path: Path
    text: str
    secret: bool = False
    """Its group alone may read it, and nobody sees its text."""
    means_the_same: Callable[[str], bool] | None = None
    """Whether another text says the same: of a password there are many hashes."""

    @property
    def mode(self) -> int:
        """Its permissions."""
        return SECRET_MODE if self.secret else PLAIN_MODE

    def state(self) -> State:
        """Beside what is there. Raises Unwritable for what is no file, or cannot be read."""
        try:
            there = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return State.NEW
        except UnicodeDecodeError:
            return State.DIFFERENT
        except OSError as error:
            raise Unwritable(self.path, error) from None
        same = there == self.text or (self.means_the_same is not None and self.means_the_same(there))
        return State.SAME if same else State.DIFFERENT

    @property
    def backup(self) -> Path:
        """Where the file that is there would be kept: `.bak`, `.bak2` …, the first that is free."""
        names = (f"{self.path}.bak{number if number > 1 else ''}" for number in range(1, 10_000))
        return Path(next(name for name in names if not os.path.lexists(name)))


def write(planned: Sequence[Planned], group: str | None = None) -> dict[Path, Path]:
    """Write what is new or different; gives the back-ups by the paths they were. A secret's group becomes `group`
    where there is one. Whatever interrupts it, each path holds its old text or its new one, whole, and no other
    file stays behind. Raises Unwritable, when none was written."""
    due = [file for file in planned if file.state() is not State.SAME]
    drafts: list[Path] = []
    try:
        for file in due:
            drafts.append(_draft(file, _gid(group)))  # noqa: PERF401 - those made so far, when one cannot be
        with _undisturbed():
            kept = _keep([file for file in due if file.state() is State.DIFFERENT])
            for file, draft in zip(due, drafts, strict=True):
                draft.replace(file.path)
            return kept
    except OSError as error:
        raise Unwritable(_meant(error, due, len(drafts)), error) from None
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _meant(error: OSError, due: Sequence[Planned], drafted: int) -> Path:
    """The file that people know: of a draft they have never heard."""
    return due[drafted].path if drafted < len(due) else Path(error.filename or due[-1].path)


def _draft(file: Planned, gid: int | None) -> Path:
    """The text in a file beside its place, with its permissions, on the disk."""
    file.path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.path.name}.", dir=file.path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            if file.secret and gid is not None:
                with suppress(PermissionError):  # a user may give files to his own groups alone
                    os.fchown(handle, -1, gid)
            os.fchmod(handle, file.mode)
            stream.write(file.text)
            stream.flush()
            os.fsync(handle)
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def _keep(files: Sequence[Planned]) -> dict[Path, Path]:
    """The back-ups of all, or none and OSError with the file's name."""
    kept: dict[Path, Path] = {}
    try:
        for file in files:
            kept[file.path] = backup = file.backup
            try:
                os.link(file.path, backup)
            except OSError:  # it is another user's (fs.protected_hardlinks), or its file system has no links
                _copy(file.path, backup)
    except BaseException:
        for backup in kept.values():
            backup.unlink(missing_ok=True)
        raise
    return kept


def _copy(path: Path, place: Path) -> None:
    """With its permissions, and at no moment with more of them. Raises OSError with the name of `path`."""
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(path.read_bytes())
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copystat(path, place)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _gid(group: str | None) -> int | None:
    try:
        return grp.getgrnam(group).gr_gid if group is not None else None
    except KeyError:
        return None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals that end the program wait meanwhile: for milliseconds."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
