"""Whether others may read what is secret: the files of passwords and keys."""

from gateway.config.secret_files import secret_files
from gateway.doctor.finding import Finding, ok, warning
from gateway.doctor.scene import Scene

CHECK = "secret files"


def check_secrets(scene: Scene) -> list[Finding]:
    """One finding for each file that the config names."""
    files = secret_files(scene.config) if scene.config is not None else []
    return [
        warning(CHECK, str(file.path), f"{file.key}: {file.finding}", file.cure)
        if file.open
        else ok(CHECK, str(file.path), f"{file.key}: {file.finding}")
        for file in files
    ]
