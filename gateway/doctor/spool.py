"""Facts of calls that wait on the disk for the records' database."""

import shlex

from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene
from gateway.records.config import SPOOL
from gateway.records.spool_file import DAMAGED, files_in, lines_of

CHECK = "spool"


def check_spool(scene: Scene) -> list[Finding]:
    """Whether facts wait there that are not in the database, or lines that could not be read."""
    if scene.config is None:
        return []
    folder = scene.config.data_path / SPOOL
    config = scene.config.document.file
    if folder.exists() and not folder.is_dir():
        cure = f"mv {shlex.quote(str(folder))} {shlex.quote(str(folder.with_name('spool.aside')))}"
        return [fault(CHECK, str(folder), "is no folder: facts of calls can be kept in memory alone", cure)]
    try:
        waiting = sum(1 for path in files_in(folder) for _ in lines_of(path))
        damaged = sorted(path.name for path in folder.glob(f"*{DAMAGED}"))
    except OSError as error:
        cure = f"sudo ls -l {shlex.quote(str(folder))}"
        return [warning(CHECK, str(folder), f"cannot be read ({error.strerror})", cure)]
    found = []
    if waiting:
        told = f"{waiting} facts of calls are not in the database yet; the gateway writes them when it can"
        cure = f"mend the database, or start the gateway: sansheng run -c {shlex.quote(str(config))}"
        found.append(warning(CHECK, str(folder), told, cure))
    if damaged:
        told = f"holds lines that could not be read: {', '.join(damaged)}"
        found.append(warning(CHECK, str(folder), told, "a disk that fails? keep the file, and look at dmesg"))
    return found or [ok(CHECK, str(folder), "empty: all facts of calls are in the database")]
