"""A bare Debian 12 in a folder, changed at will: what is written lies over it, and is gone afterwards."""

import shutil
import subprocess
from pathlib import Path

SUITE = "bookworm"
CACHE = Path("var/package")
"""Kept from run to run: the bare system, and packages of Debian's that ours depends on."""
APT = (
    *("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-o", "Dpkg::Use-Pty=0"),
    # The folder is thrown away: nothing in it need outlast a power cut.
    *("-o", "APT::Sandbox::User=root", "-o", "Dpkg::Options::=--force-unsafe-io"),
)
SYSTEMCTL = Path(__file__).with_name("systemctl")
CONFINED = Path(__file__).with_name("confined.py")


class RootFailed(Exception):
    """A command in the root, or one that makes it, failed; the message has what it said."""


class Root:
    """One such system. Needs root, and a mount namespace of our own (see __main__): nothing is unmounted."""

    def __init__(self) -> None:
        base = bare_system()
        over = CACHE / "over"
        shutil.rmtree(over, ignore_errors=True)
        for folder in ("upper", "work", "root"):
            (over / folder).mkdir(parents=True)
        self.path = (over / "root").resolve()
        layers = (
            f"lowerdir={base.resolve()},upperdir={(over / 'upper').resolve()},workdir={(over / 'work').resolve()}"
        )
        command("mount", "-t", "overlay", "overlay", "-o", layers, str(self.path))
        for kind, place in (("proc", "proc"), ("sysfs", "sys"), ("tmpfs", "run"), ("tmpfs", "tmp")):
            command("mount", "-t", kind, kind, str(self.path / place))
        command("mount", "--rbind", "/dev", str(self.path / "dev"))
        archives = CACHE / "archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        command("mount", "--bind", str(archives), str(self.path / "var/cache/apt/archives"))
        shutil.copy("/etc/resolv.conf", self.path / "etc/resolv.conf")

    def have_service_manager(self) -> None:
        """From now on the package's scripts find one, which starts and stops the gateway in earnest."""
        (self.path / "run/systemd/system").mkdir(parents=True)
        shutil.copy(SYSTEMCTL, self.path / "usr/bin/systemctl")
        shutil.copy(CONFINED, self.path / "run/confined.py")

    def run(self, *words: str, user: str = "root") -> str:
        """A command in it; gives its standard output. Raises RootFailed unless it ends with 0."""
        return command("chroot", str(self.path), "runuser", "-u", user, "--", *words)

    def fails(self, *words: str, user: str = "root") -> str:
        """A command that must end with another code; gives what it said."""
        try:
            said = self.run(*words, user=user)
        except RootFailed as failed:
            return str(failed)
        raise RootFailed(f"{' '.join(words)} was to fail, and said:\n{said}")

    def install(self, package: Path, *options: str) -> str:
        """By apt, with what it depends on; gives what was said."""
        shutil.copy(package, self.path / "root" / package.name)
        return self.apt("install", *options, f"/root/{package.name}")

    def apt(self, *words: str) -> str:
        return self.run(*APT, "-q", "--no-install-recommends", *words)


def bare_system() -> Path:
    """Debian's essential packages and apt; made once."""
    base = CACHE / "base"
    done = CACHE / "base.done"
    if not done.exists():
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        command("debootstrap", "--variant=minbase", SUITE, str(base))
        done.touch()
    return base


def command(*words: str) -> str:
    """Run it; gives its standard output. Raises RootFailed."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RootFailed(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr
