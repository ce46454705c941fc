"""The page and what belongs to it, from the package, in memory."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
"""What is served; a file of another kind is not."""
PACKED: Final = frozenset({".html", ".css", ".js", ".json", ".webmanifest", ".svg"})


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent."""

    content_type: str
    etag: str
    plain: bytes
    packed: bytes | None
    """With gzip; None: it would not be smaller."""

    @classmethod
    def read(cls, path: Path) -> "StaticFile":
        """Raises OSError."""
        plain = path.read_bytes()
        packed = gzip.compress(plain, mtime=0) if path.suffix in PACKED else None
        return cls(
            TYPES[path.suffix],
            hashlib.sha256(plain).hexdigest()[:32],
            plain,
            packed if packed is not None and len(packed) < len(plain) else None,
        )

    def response(self, request: web.Request) -> web.Response:
        """To this browser: nothing if it has it already. The languages of a page are chosen by its script."""
        headers = {"Cache-Control": "no-cache", "ETag": f'"{self.etag}"', "Vary": "Accept-Encoding"}
        wanted = request.if_none_match or ()
        if any(tag.value == self.etag for tag in wanted):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = self.content_type
        if self.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=self.packed, headers=headers | {"Content-Encoding": "gzip"})
        return web.Response(body=self.plain, headers=headers)


def static_files(folder: Path = FOLDER) -> dict[str, StaticFile]:
    """By their paths in the folder. A name that is no key here is no file: nothing is looked up on disk later."""
    return {
        path.relative_to(folder).as_posix(): StaticFile.read(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in TYPES
    }
