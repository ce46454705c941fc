"""The wallboard's paths and what answers them."""

import asyncio
import logging
from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from gateway.wallboard.calls import CallPages, NoSuchCall, NotNow
from gateway.wallboard.door import Door
from gateway.wallboard.guard import PLAIN_COOKIE, SAFE_COOKIE, VISIT, Guard, onward, plain, token_of
from gateway.wallboard.headers import harden, policy_of
from gateway.wallboard.hub import Hub
from gateway.wallboard.login import Logins
from gateway.wallboard.sessions import ABSOLUTE, Sessions
from gateway.wallboard.static_files import StaticFile
from gateway.wallboard.stream import BLOCKED, follow

log = logging.getLogger(__name__)

LARGEST_FORM: Final = 8192
"""Bytes of a body: the longest password, percent-encoded."""
FORM_TIME: Final = 10.0
"""Seconds for it to arrive."""
FORM: Final = "application/x-www-form-urlencoded"


class Pages:
    """Answers requests; what each needs was put together by the server."""

    def __init__(
        self,
        hub: Hub,
        door: Door,
        guard: Guard,
        calls: CallPages,
        files: Mapping[str, StaticFile],
        *,
        sessions: Sessions | None = None,
        logins: Logins | None = None,
        blocked: float = BLOCKED,
    ) -> None:
        self._hub, self._door, self._guard, self._calls = hub, door, guard, calls
        self._files = files
        self._sessions, self._logins = sessions, logins
        self._blocked = blocked

    def application(self) -> web.Application:
        """All of it."""
        app = web.Application(middlewares=[self._guard.middleware], client_max_size=LARGEST_FORM)
        app.on_response_prepare.append(harden)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/static/{name:.+}", self._static),
                web.get("/favicon.ico", self._icon),
                web.get("/stream", self._stream, allow_head=False),
                web.get("/call/{call}", self._call),
                web.get("/healthz", self._health),
                web.get("/login", self._login_page),
                web.post("/login", self._log_in),
                web.post("/logout", self._log_out),
            ]
        )
        return app

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._file(request, "index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return self._file(request, request.match_info["name"])

    async def _icon(self, request: web.Request) -> web.StreamResponse:
        return self._file(request, "favicon.ico")

    def _file(self, request: web.Request, name: str) -> web.StreamResponse:
        file = self._files.get(name)
        return file.response(request) if file is not None else plain(404, "there is no such page")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        source = request[VISIT].source
        return await follow(
            request, self._hub, source, lambda: self._guard.allowed(request), blocked=self._blocked
        )

    async def _health(self, _: web.Request) -> web.StreamResponse:
        """Whether the gateway feeds it, for whoever watches services."""
        return plain(503, "the gateway tells nothing") if self._hub.stale else plain(200, "fed by the gateway")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        english = is_english(request)
        try:
            html = await self._calls.page(request.match_info["call"], english=english)
        except NoSuchCall:
            words = "There is no such call on record." if english else "没有这个通话的记录。"
            return _small_page(404, words, english=english)
        except NotNow as why:
            words = f"The call cannot be shown: {why}." if english else "暂时无法显示该通话,请稍后再试。"
            return _small_page(503, words, english=english)
        return _html_page(200, html)

    async def _login_page(self, request: web.Request) -> web.StreamResponse:
        if self._logins is None:
            return _see_other("/")
        return self._file(request, "login.html")

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        if self._logins is None or self._sessions is None:
            return _see_other("/")
        if request.content_type != FORM:
            return plain(415, f"a form is expected: {FORM}")
        try:
            async with asyncio.timeout(FORM_TIME):
                body = await request.read()
            form = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=8)
        except TimeoutError:
            return plain(408, "the form did not arrive")
        except ValueError:
            return plain(400, "this is no form")
        visit = request[VISIT]
        user, password = (form.get(name, [""])[0] for name in ("user", "password"))
        outcome = await self._logins.attempt(visit.source, user, password)
        if outcome.locked:
            answer = _see_other(onward(request, "/login", locked=outcome.locked))
            answer.headers["Retry-After"] = str(outcome.locked)
            return answer
        if outcome.token is None:
            return _see_other(onward(request, "/login", failed=1))
        self._sessions.end(token_of(request))
        answer = _see_other(onward(request, "/"))
        answer.set_cookie(
            SAFE_COOKIE if visit.secure else PLAIN_COOKIE,
            outcome.token,
            max_age=int(ABSOLUTE),
            path="/",
            httponly=True,
            samesite="Strict",
            secure=visit.secure,
        )
        return answer

    async def _log_out(self, request: web.Request) -> web.StreamResponse:
        visit = request[VISIT]
        if self._sessions is not None:
            self._sessions.end(token_of(request))
        answer = _see_other("/login" if self._logins is not None else "/")
        answer.del_cookie(
            SAFE_COOKIE if visit.secure else PLAIN_COOKIE,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=visit.secure,
        )
        return answer


def is_english(request: web.Request) -> bool:
    """The language of what is asked for: `lang` in the address, else the cookie of that name, else the browser's
    first one; Chinese where nothing says so."""
    chosen = request.query.get("lang") or request.cookies.get("lang")
    if chosen in ("zh", "en"):
        return chosen == "en"
    return request.headers.get("Accept-Language", "").strip().lower().startswith("en")


def _see_other(where: str) -> web.Response:
    return web.Response(status=303, headers={"Location": where})


def _html_page(status: int, html: str) -> web.Response:
    headers = {"Content-Security-Policy": policy_of(html)}
    response = web.Response(status=status, text=html, content_type="text/html", headers=headers)
    response.enable_compression()
    return response


def _small_page(status: int, words: str, *, english: bool) -> web.Response:
    language = "en" if english else "zh-CN"
    told = escape(words)
    head = f'<!DOCTYPE html><html lang="{language}"><meta charset="utf-8"><title>{told}</title>'
    return _html_page(status, f"{head}<p>{told}</p></html>\n")
