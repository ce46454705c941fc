"""What browsers, and who pretends to be one, tell the wallboard: addresses, headers, cookies; and its own file."""

import tempfile
from pathlib import Path
from urllib.parse import unquote

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from gateway.wallboard.calls import CALL
from gateway.wallboard.guard import PLAIN_COOKIE, VISIT, Guard, onward, token_of
from gateway.wallboard.pages import is_english
from gateway.wallboard.session_file import LARGEST, SessionFile
from gateway.wallboard.sessions import ABSOLUTE, Sessions
from gateway.wallboard.visit import Reading, is_foreign_fetch, is_here, is_own_page, is_relayed
from tests.fuzz.target import Bits, Target

NOW = 1_771_293_000.0
FOLDER = tempfile.TemporaryDirectory(prefix="wallboard-")


def attempt(data: bytes) -> None:
    bits = Bits(data)
    what, rest = bits.below(4), bits.rest()
    if what == 0:
        _sessions(rest)
    else:
        _request(rest, what)


def _request(data: bytes, what: int) -> None:
    first, *lines = data.decode("utf-8", "surrogateescape").split("\n")
    headers = CIMultiDict[str]()
    for line in lines:
        name, colon, value = line.partition(":")
        # aiohttp's own parser has refused what is no header's name, and line ends within a value.
        if colon and name.isascii() and name.replace("-", "").isalnum():
            headers.add(name, value.strip().replace("\r", "").replace("\0", ""))
    try:
        request = make_mocked_request(("GET", "GET", "POST")[what - 1], f"/{first.lstrip('/')}", headers=headers)
    except ValueError:
        return  # no address; aiohttp answers 400
    _guarded(request, logins=bool(what & 1))
    call = unquote(first, errors="surrogateescape").removeprefix("call/")
    assert not CALL.fullmatch(call) or (call.isascii() and not set(call) & set("/\\%.?*'\" <>&;"))


def _guarded(request: web.Request, *, logins: bool) -> None:
    reading = Reading(["127.0.0.0/8"])
    visit = reading.visit(request)
    request[VISIT] = visit
    assert len(visit.source) <= 64
    sessions = Sessions(lambda: NOW) if logins else None
    guard = Guard(reading, sessions, here_alone=not logins)
    own, foreign = is_own_page(request, visit), is_foreign_fetch(request)
    assert not (own and foreign and request.headers.get("Sec-Fetch-Site") is not None), (
        "a page is ours or another's"
    )
    is_here(visit.host), is_relayed(request), is_english(request), token_of(request)
    assert not logins or not guard.allowed(request), "somebody is logged in who never was"
    refusal = guard._refusal(request, visit)
    if refusal is not None:
        assert all(text.isprintable() for pair in refusal.headers.items() for text in pair)
    onward_to = onward(request, "/login", locked=3)
    assert onward_to.startswith("/login")
    assert onward_to.isascii()
    assert onward_to.isprintable()


def _sessions(data: bytes) -> None:
    folder = Path(FOLDER.name)
    (folder / "wallboard-sessions.json").write_bytes(data[:LARGEST])
    kept = SessionFile(folder).read({"p"})
    sessions = Sessions(lambda: NOW, kept=kept)
    assert not sessions.use("x")
    assert all(session.person == "p" for _, session in sessions.items())
    # Whatever the file says, nobody stays for longer than a session lasts from now on.
    assert all(session.begun <= NOW + ABSOLUTE for _, session in sessions.items()), "a session that never ends"


HEADERS = (
    b"Host: 127.0.0.1:8080\nSec-Fetch-Site: same-origin\nSec-Fetch-Mode: navigate\nOrigin: http://127.0.0.1:8080\n"
)
TARGET = Target(
    "wallboard",
    "requests to the wallboard, and its file of sessions",
    attempt,
    [
        b"\1/?lang=en\n" + HEADERS + b"Cookie: " + PLAIN_COOKIE.encode() + b"=abc; lang=zh\n",
        b"\2/call/20260217-093000-fxo1-abc123\n"
        + HEADERS
        + b"X-Forwarded-For: 192.0.2.1, 127.0.0.1\nX-Forwarded-Proto: https\n",
        b"\3/login?lang=zh\n" + HEADERS + b"Referer: http://localhost:8080/\nVia: 1.1 x\nAccept-Language: en\n",
        b"\2/stream\nHost: [::1]:80\nOrigin: https://[x\n",
        b'\0{"00ff": {"person": "p", "begun": 1771290000.0, "used": 1771292000.0}}',
    ],
    (
        b"\n",
        b"Host: ",
        b"Origin: null\n",
        b"Origin: http://[\n",
        b"%2e%2e/",
        b"%00",
        b"Cookie: ",
        b"=",
        b"; ",
        b"Infinity",
        b"NaN",
        b"1" + b"0" * 400,
    ),
    longest=2048,
)
