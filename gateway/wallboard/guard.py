"""What stands before every answer: who may see what, and which requests are none of our pages'."""

from typing import Final
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from gateway.wallboard.sessions import Sessions
from gateway.wallboard.visit import Reading, Visit, is_foreign_fetch, is_here, is_own_page, is_relayed

VISIT: Final = web.RequestKey("visit", Visit)
OPEN: Final = ("/login", "/static/", "/healthz", "/favicon.ico")
"""Paths that need no session."""
SAFE: Final = ("GET", "HEAD")
HERE_ALONE: Final = "without a log-in the wallboard is for browsers of this machine"
PLAIN_COOKIE, SAFE_COOKIE = "sansheng", "__Host-sansheng"
"""The session's token; over HTTPS under a name that no other host, and nobody without HTTPS, can set (RFC 6265bis
§4.1.3.2)."""


class Guard:
    """Lets a request through to its answer."""

    def __init__(self, reading: Reading, sessions: Sessions | None, *, here_alone: bool) -> None:
        """Without `sessions` nobody has to log in; `here_alone`: only browsers of this machine can reach us, and
        only by its own names."""
        self._reading = reading
        self._sessions = sessions
        self._here_alone = here_alone

    def allowed(self, request: web.Request) -> bool:
        """Whether whoever asks is, and still is, logged in where that is needed."""
        return self._sessions is None or self._sessions.use(token_of(request))

    @property
    def middleware(self) -> Middleware:
        """For the application."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            visit = request[VISIT] = self._reading.visit(request)
            refusal = self._refusal(request, visit)
            if refusal is not None:
                return refusal
            try:
                return await handler(request)
            except web.HTTPException as error:
                return plain(error.status, error.reason)

        return guarded

    def _refusal(self, request: web.Request, visit: Visit) -> web.Response | None:
        if self._here_alone and self._sessions is None:
            if not is_here(visit.host):
                return plain(421, f"{HERE_ALONE}: 127.0.0.1, localhost")
            if is_relayed(request):
                return plain(421, f"{HERE_ALONE}; a proxy asks: [wallboard] needs password_file and proxies then")
        if is_foreign_fetch(request):
            return plain(403, "another site's page asks")
        if request.method not in SAFE and not is_own_page(request, visit):
            return plain(403, "no page of the wallboard asks")
        if not request.path.startswith(OPEN) and not self.allowed(request):
            if request.path == "/stream":
                return plain(401, "log in first")
            return web.Response(status=303, headers={"Location": onward(request, "/login")})
        return None


def token_of(request: web.Request) -> str | None:
    """The session's token that a browser brings along."""
    visit = request[VISIT]
    return request.cookies.get(SAFE_COOKIE if visit.secure else PLAIN_COOKIE)


def onward(request: web.Request, path: str, **query: str | int) -> str:
    """An address of ours that keeps the language which this one asks for."""
    asked = request.query.get("lang")
    all_of_it = urlencode(query | ({"lang": asked} if asked in ("zh", "en") else {}))
    return f"{path}?{all_of_it}" if all_of_it else path


def plain(status: int, words: str) -> web.Response:
    """A refusal in a line."""
    return web.Response(status=status, text=f"{status}: {words}\n")
