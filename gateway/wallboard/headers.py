"""What every answer tells the browser to forbid."""

import base64
import hashlib
import re
from typing import Final

from aiohttp import web

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Nothing from elsewhere, nothing inline (CSP Level 3)."""
ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: with that a browser names no origin in a form that it sends, and log-ins could not be told
    # from forged ones (Fetch Standard, "append a request Origin header").
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "Sansheng",
}
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    """For the application's `on_response_prepare`."""
    put_on(response)


def put_on(response: web.StreamResponse) -> None:
    """Put the headers on an answer that is about to go; what it has of them already stays."""
    for name, value in ALWAYS.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    if "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]:
        response.headers["X-Frame-Options"] = "DENY"
    response.headers.setdefault("Cache-Control", "no-store")


def policy_of(html: str) -> str:
    """That of a page of ours with its style sheets inside, and no script; it may stand in a frame of ours."""
    digests = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(html))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    styles = f"style-src {hashes}; " if hashes else ""
    return f"default-src 'none'; {styles}base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
