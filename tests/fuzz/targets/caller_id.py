"""Caller IDs as modems print them: formatted, in hexadecimal (SDMF, MDMF), in pieces, or nothing of the kind."""

from datetime import UTC, datetime

from drivers.emulator.caller_id import spelt
from drivers.emulator.faults import CALLER_ID_FORMS
from drivers.emulator.personalities import PERSONALITIES
from drivers.emulator.signals import CallerIdSent
from drivers.fxo.at import LINE_LIMIT, LineCutter
from drivers.fxo.caller_id import LONGEST_VALUE, CallerIdCollector
from drivers.line import CallerId, Presentation
from tests.fuzz.target import Bits, Target

AT = datetime(2026, 2, 17, 9, 30, tzinfo=UTC)
SENT = CallerIdSent("13812345678", "LI LEI", "allowed")


def attempt(data: bytes) -> None:
    bits = Bits(data)
    step = bits.below(64) / 16
    lines, now = _lines(bits.rest()), 100.0
    collector = CallerIdCollector()
    for line in lines:
        collector.feed(line, now)
        _check(collector.number_so_far())
        due = collector.due
        assert due is None or now - 5.0 <= due <= now + 5.0
        now += step
    _check(collector.take())
    assert collector.take() is None, "what was taken is there no more"
    assert collector.due is None
    # Whatever came before, what comes long after it is another call's.
    for line in spelt(PERSONALITIES["v253"], CALLER_ID_FORMS[len(data) % len(CALLER_ID_FORMS)], SENT, AT):
        collector.feed(line, now + 100.0)
    told = collector.take()
    assert told is not None
    assert told.number == SENT.number


def _lines(data: bytes) -> list[str]:
    cutter, at, found = LineCutter(), 0, []
    while at < len(data):
        line, at = cutter.take(data, at)
        if line is not None:
            assert len(line) <= LINE_LIMIT
            found.append(line)
    return found


def _check(told: CallerId | None) -> None:
    if told is None:
        return
    assert (told.number is None) == (told.presentation is not Presentation.ALLOWED)
    assert told.number is None or (told.number.isascii() and told.number.isdigit())
    assert len(told.number or "") <= LONGEST_VALUE, "no number is as long"
    assert len(told.name or "") <= LONGEST_VALUE, "no name is as long"
    assert told.name is None or (told.name.isprintable() and told.name), "it goes into logs, records and pages"


def _message(tag_values: list[tuple[int, bytes]]) -> bytes:
    body = b"".join(bytes((tag, len(value))) + value for tag, value in tag_values)
    message = bytes((0x80, len(body))) + body
    return (message + bytes((-sum(message) & 0xFF,))).hex().upper().encode()


TARGET = Target(
    "caller_id",
    "caller IDs out of a modem's lines",
    attempt,
    [
        b"\x04" + "\r\n".join(spelt(family, form, sent, AT)).encode() + b"\r\n"
        for form in CALLER_ID_FORMS
        for family in (PERSONALITIES["v253"], PERSONALITIES["conexant"])
        for sent in (SENT, CallerIdSent(None, None, "private"))
    ]
    + [
        b"\x04" + _message([(1, b"02170930"), (2, b"053188881234"), (7, "李雷".encode("gb18030"))]) + b"\r\n",
        b"\x04VCID: NMBR=123\r\nNAME : O\r\nMESG = 0308" + b"3133383132333435\r\n",
    ],
    (
        b"NMBR=",
        b"NAME = ",
        b"DDN_NMBR=",
        b"MESG=",
        b"80",
        b"04",
        b"0207",
        b"PRIVATE",
        b"\xa0",
        b"\r\n",
        b"DATE=0217\r\n",
    ),
    longest=1024,
)
