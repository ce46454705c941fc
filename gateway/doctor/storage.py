"""data_dir: may it be written, and is there room for the recordings."""

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene

FOLDER = "data_dir"
ROOM = "disk"
SPEED = 16_000
"""Bytes a second of a recording: 8000 samples of 16 bits."""
HOUR = 3600
LITTLE_ROOM, NO_ROOM = 24.0, 1.0
"""Hours of recordings for which there is room: a day's warning; under one, a busy morning fills the disk."""


def check_data_dir(scene: Scene) -> list[Finding]:
    """Whether the gateway could make and write what it keeps."""
    if scene.config is None:
        return []
    folder = scene.config.data_path
    return [_writable(scene, folder), *_room(folder)]


def _writable(scene: Scene, folder: Path) -> Finding:
    person = scene.machine.person
    if folder.exists() and not folder.is_dir():
        return fault(FOLDER, str(folder), "is no folder", "name another as data_dir, or move that file away")
    place = existing(folder)
    closed = [] if scene.machine.may(place, os.W_OK | os.X_OK) else [place]
    if place == folder:
        closed += [path for path in _kept(folder) if not scene.machine.may(path, os.W_OK)]
    if closed:
        found = f"user {person.name} may not write {', '.join(map(str, closed))}"
        mine = shlex.quote(person.name)
        made = f"sudo mkdir -p {shlex.quote(str(folder))} && " if place != folder else ""
        return fault(FOLDER, str(folder), found, f"{made}sudo chown -R {mine}: {shlex.quote(str(folder))}")
    if scene.gateway is not None:
        return ok(FOLDER, str(folder), f"writable; a gateway uses it: {scene.gateway}")
    return ok(FOLDER, str(folder), "writable" if place == folder else f"will be made in {place}")


def _kept(folder: Path) -> list[Path]:
    """What is in it: a gateway that was once started by root leaves files of root's."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _room(folder: Path) -> Iterator[Finding]:
    place = existing(folder)
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        yield warning(ROOM, str(place), f"its room is not known ({error.strerror})", f"df -h {place}")
        return
    hours = free / SPEED / HOUR
    found = f"{free / 1e9:.1f} GB free: room for {hours:.0f} hours of recordings"
    cure = f"df -h {shlex.quote(str(place))}; move old recordings elsewhere, or name another data_dir"
    if hours < NO_ROOM:
        yield fault(ROOM, str(place), found, cure)
    elif hours < LITTLE_ROOM:
        yield warning(ROOM, str(place), found, cure)
    else:
        yield ok(ROOM, str(place), found)


def existing(path: Path) -> Path:
    """`path`, or the nearest folder above it that is there."""
    return next((each for each in (path, *path.parents) if each.exists()), path)
