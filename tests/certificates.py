"""An authority of a test's own, which makes certificates: good ones, expired ones, ones for another name."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.broker import tool

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
"""Made in milliseconds, other than RSA's."""


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, both in PEM."""

    certificate: Path
    key: Path


class Authority:
    """Signs what it makes, in a folder of its own."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self._folder = folder / name
        self._folder.mkdir()
        self._openssl = tool("openssl", "openssl")
        self.file = self._folder / "ca.pem"
        self._run(
            "req", "-x509", *_KEY, "-days", "2", "-subj", f"/CN={name}", "-keyout", "ca.key", "-out", "ca.pem"
        )

    def pair(self, name: str = "localhost", *, days: int = 2) -> Pair:
        """For the host or client of this name; expired with a negative number of days."""
        stem = f"{name}{days}"
        key, certificate = f"{stem}.key", f"{stem}.pem"
        names = f"subjectAltName=DNS:{name}"
        self._run("req", *_KEY, "-subj", f"/CN={name}", "-addext", names, "-keyout", key, "-out", "request")
        self._run(
            *("x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", str(days)),
            *("-copy_extensions", "copy", "-out", certificate),
        )
        return Pair(self._folder / certificate, self._folder / key)

    def encrypted(self, pair: Pair) -> Path:
        """The pair's key behind a password."""
        out = pair.key.with_suffix(".encrypted")
        self._run("pkey", "-in", str(pair.key), "-aes256", "-passout", "pass:geheim", "-out", str(out))
        return out

    def _run(self, *arguments: str) -> None:
        subprocess.run([self._openssl, *arguments], cwd=self._folder, check=True, capture_output=True)
