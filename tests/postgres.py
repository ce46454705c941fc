"""A real PostgreSQL in a folder of its own, on a free port."""

import atexit
import functools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psutil

from tests.broker import free_port, tool

SERVERS = Path("/usr/lib/postgresql")
"""Where Debian has the server's programs: a folder for each version, not on the path."""
TIME_ZONE = "Asia/Shanghai"
"""The zone in which a server tells the times: as initdb takes it from a machine in China, not UTC as on one that
builds. What is right here is right in UTC too."""


def _run(folder: Path, name: str, *arguments: str) -> None:
    """Run a program of the server on its folder of data. The server refuses to run as root: then as `nobody`."""
    versions = sorted(SERVERS.glob(f"*/bin/{name}"))
    program = str(versions[-1]) if versions else tool(name, "postgresql")
    as_nobody = ["setpriv", "--reuid=nobody", "--clear-groups"] if os.geteuid() == 0 else []
    command = [*as_nobody, program, f"--pgdata={folder}", *arguments]
    # Not a pipe: the server would inherit it, and the wait for its end would never be over.
    with (folder.parent / f"{name}.log").open("w") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log, cwd="/")


def _place() -> Path:
    # Not in pytest's folders: they are root's alone, and nobody else may pass through them.
    place = Path(tempfile.mkdtemp(prefix="sansheng-postgresql-"))
    place.chmod(0o755)
    return place


@functools.cache
def _new() -> Path:
    """The data of a server that never ran, made once: initdb takes longer than much of what is tried on one."""
    place = _place()
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    data = place / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, "nobody")
    # Segments of 1 MB: the least that every copy holds one of.
    options = ("--no-sync", "--encoding=UTF8", "--wal-segsize=1")
    _run(data, "initdb", "--auth=trust", "--username=gateway", *options)
    return data


class PostgreSQL:
    """A server for one test."""

    def __init__(self) -> None:
        self._place = _place()
        self._folder = self._place / "data"
        self.port = free_port()
        subprocess.run(["cp", "--archive", str(_new()), str(self._folder)], check=True)
        self.up()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://gateway@127.0.0.1:{self.port}/postgres"

    def up(self) -> None:
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        options += f" -c timezone={TIME_ZONE}"
        _run(self._folder, "pg_ctl", "start", "--wait", f"--log={self._folder / 'log'}", f"--options={options}")

    def down(self) -> None:
        _run(self._folder, "pg_ctl", "stop", "--mode=immediate")

    def freeze(self, frozen: bool) -> None:
        """The server answers nobody, or again; what runs of it then stays as it is."""
        head = psutil.Process(int((self._folder / "postmaster.pid").read_text().split()[0]))
        for process in (head, *head.children()):
            process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def stop(self) -> None:
        self.down()
        shutil.rmtree(self._place)
