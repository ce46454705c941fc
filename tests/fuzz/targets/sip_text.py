"""The worker's own reading of SIP: who calls whom, keys, passwords, what is dialled, whom the door lets in."""

import contextlib

from drivers.line import CallerId, Presentation
from drivers.sip.config import SipConfig
from drivers.sip.dial_string import AddressError, local_uri, target_of
from drivers.sip.digest import CallerSecret, Digest, Outcome
from drivers.sip.doorkeeper import Doorkeeper, Request
from drivers.sip.identity import called_number_of, caller_id_of, clean, host_of, source_host
from drivers.sip.in_call_request import answer_to
from drivers.sip.info_digit import info_digit
from drivers.sip.wellformed import is_harmless_info, is_wellformed
from drivers.sip.worker_log import worker_log
from tests.fuzz.target import Target, cut

SECRET = CallerSecret("801", "sansheng", "SHA-256", "0" * 64)
CONFIG = SipConfig("sip1", listen="127.0.0.1:5062", aor="sip:8801@127.0.0.1", callers=(SECRET,))
METHODS = ("INVITE", "INFO", "OPTIONS", "REGISTER", "SUBSCRIBE")
LONGEST = 64


def attempt(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    method = METHODS[len(data) % len(METHODS)]
    _check_caller(caller_id_of(text))
    called = called_number_of(text)
    assert called is None or (called.isprintable() and 0 < len(called) <= LONGEST)
    key = info_digit(text)
    assert key is None or (len(key) == 1 and key in "0123456789*#ABCD")
    assert answer_to(method, text) in (None, 200, 415, 481, 489)
    is_wellformed(data, method), is_harmless_info(data)
    assert Digest((SECRET,), b"key").check(data, method, "127.0.0.1", 1.0) is not Outcome.RIGHT, (
        "a password was guessed"
    )
    door = Doorkeeper(CONFIG, b"key", 0.0)
    for host in ("127.0.0.1", "192.0.2.1", source_host(text[:40])):
        if door.lets_in(Request(host, method, data), 1.0):
            door.news(2.0)
        door.garbage(host, 3.0)
    _check_dialled(text[:300])
    _check_log(data)


def _check_caller(caller: CallerId) -> None:
    assert (caller.number is None) == (caller.presentation is not Presentation.ALLOWED)
    for told in (caller.number, caller.name):
        assert told is None or (told.isprintable() and 0 < len(told) <= LONGEST), (
            "it goes into logs, records and pages"
        )


def _check_dialled(text: str) -> None:
    host = host_of(text)
    assert host is None or host.count(".") == 3
    assert clean(clean(text)) == clean(text)
    shown = local_uri("sip:8801@127.0.0.1", text)
    assert shown.endswith("<sip:8801@127.0.0.1>")
    assert shown.isprintable()
    assert shown.count('"') in (0, 2)
    for address in (text, f"sip:801@{text}", f"sip:801@127.0.0.1{text}"):
        with contextlib.suppress(AddressError):
            target = target_of(address, CONFIG)
            assert str(target).isprintable()
            assert str(target).isascii()
            assert not set(str(target)) & set('<>" ,?\\'), "nothing that ends an address is in one"
            assert target_of(str(target), CONFIG) == target, "an address that was read is written as it is read"


def _check_log(data: bytes) -> None:
    """What a worker prints is the same however it comes, short, and without numbers."""
    whole = worker_log().feed(data + b"\n", 0.0)
    if b"\n" not in data and len(data) <= 1000:
        log = worker_log()
        assert [line for portion in cut(data + b"\n", len(data)) for line in log.feed(portion, 0.0)] == whole
    for _, line in whole:
        assert len(line) <= 300
        assert not any(piece.isdigit() and piece.isascii() and len(piece) >= 5 for piece in line.split())


HEAD = (
    'Via: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bK1\r\nFrom: "LI LEI" <sip:13812345678@127.0.0.1>;tag=1\r\n'
    "To: <sip:8801@127.0.0.1>\r\nCall-ID: 1@x\r\nCSeq: 1 {method}\r\nMax-Forwards: 70\r\n"
    "{more}Content-Length: {length}\r\n\r\n{body}"
)


def _request(method: str, more: str = "", body: str = "") -> bytes:
    head = HEAD.format(method=method, more=more, length=len(body), body=body)
    return f"{method} sip:8801@127.0.0.1:5062 SIP/2.0\r\n{head}".encode()


DIGEST = (
    'Authorization: Digest username="801", realm="sansheng", nonce="0000000100", uri="sip:8801@x", qop=auth, '
    'nc=00000001, cnonce="a", algorithm=SHA-256, response="00"\r\n'
)
TARGET = Target(
    "sip_text",
    "SIP requests, as far as the worker reads them itself",
    attempt,
    [
        _request("INVITE"),
        _request("INVITE", DIGEST),
        _request("INVITE", "Privacy: id\r\nUser-Agent: friendly-scanner\r\n"),
        _request("INFO", "Content-Type: application/dtmf-relay\r\n", "Signal=5\r\nDuration=160\r\n"),
        _request("INFO", "Content-Type: application/dtmf\r\n", "5"),
        b"sip:801;phone-context=x@127.0.0.1:5060;transport=udp",
        b"+8613812345678",
        b"WARNING call of 13812345678 refused",
    ],
    (
        b"\r\n",
        b"\r\n ",
        b"\r\n\r\n",
        b"<sip:",
        b"tel:+86",
        b"%00",
        b"%e6%9d%8e",
        b";transport=tcp",
        b'"\\"',
        b"qop=auth",
        b"f:",
        b"c: application/dtmf",
    ),
    longest=4096,
)
