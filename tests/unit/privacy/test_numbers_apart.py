"""A number is meant only by the whole of its digits: one more, before or after, is another customer's (WD-11)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from drivers.line import FaultCode, LineFault
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.desk.accounts import normalised
from gateway.privacy import NothingHeld, Privacy, seek
from gateway.privacy.written import Written
from gateway.records.schema import CallRow, EventRow
from tests.service.told import MORNING, Told
from tests.unit.privacy.archive import Archive, archive_in

pytestmark = pytest.mark.unit

MOBILE, NEXT, LANDLINE = "13900001030", "13900001032", "0390-0001030"
"""The landline's digits but for its 0 stand in the mobile."""
SHORTER = "1390000103"
CHINESE = str.maketrans("0123456789", "零幺二三四五六七八九")
FULL = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "0123456789-+()"}
"""Full width."""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = archive_in(tmp_path)
    for call, number in (("one", MOBILE), ("two", NEXT)):
        wave = archive.folder / "recordings" / f"{call}.wav"
        wave.parent.mkdir(parents=True, exist_ok=True)
        wave.write_bytes(b"RIFF")
        told = Told(call=call).rings(2, number).answered().tell(facts.RecordingStarted(str(wave)))
        archive.write(told.hung_up())
    fault = LineFault(FaultCode.INTERNAL, f"no answer to INVITE sip:{MOBILE}@pbx")
    archive.write(Told(notices=[Notice(MORNING, "sip1", None, fault)]))
    return archive


@pytest.fixture
def privacy(archive: Archive) -> Iterator[Privacy]:
    with Privacy(archive.config) as privacy:
        yield privacy


def everything(archive: Archive) -> tuple[Any, ...]:
    sounds = sorted(path.name for path in archive.folder.rglob("*.wav"))
    return (
        archive.all(*CallRow.__table__.columns),
        archive.all(EventRow.number, EventRow.call, EventRow.data),
        sounds,
    )


def erase(privacy: Privacy, number: str) -> Any:
    return privacy.erase(number, by="Li", why="request 9", now=MORNING + timedelta(hours=1))


@pytest.mark.parametrize("number", [SHORTER, LANDLINE, "390-0001030", "0530-1234567", "900001030", "00001030"])
def test_of_a_number_that_nobody_has_nothing_is_found_and_nothing_goes(
    archive: Archive, privacy: Privacy, number: str
) -> None:
    archive.write(Told(call="three").rings(2, "15301234567").hung_up())
    before = everything(archive)
    for sought in (
        privacy.held,
        lambda number: privacy.export(number, MORNING),
        lambda number: erase(privacy, number),
    ):
        with pytest.raises(NothingHeld, match=r"on this number$"):
            sought(number)
    assert everything(archive) == before
    assert privacy.erasures() == []


def test_the_export_of_one_holds_no_recording_of_another(archive: Archive, privacy: Privacy) -> None:
    archive.write(Told(call="land").rings(2, "03900001030").hung_up())
    told, files = privacy.export(LANDLINE, MORNING)
    assert ([call["call"] for call in told["calls"]], files) == (["land"], [])
    assert told["named_in"] == {"calls": [], "tickets": [], "notes": 0}


def test_a_longer_number_is_nothing_that_is_left(archive: Archive, privacy: Privacy) -> None:
    archive.write(Told(call="land").rings(2, "03900001030").hung_up())
    (archive.folder / "notes.txt").write_text(f"{MOBILE}\n")
    others = [row for row in archive.all(EventRow.call, EventRow.data) if row[0] != "land"]
    for _ in "ab":
        outcome = erase(privacy, LANDLINE)
        assert outcome.left == {}
        assert [row for row in archive.all(EventRow.call, EventRow.data) if row[0] != "land"] == others
        archive.write(Told(call="land").rings(2, "03900001030").hung_up())
    erase(privacy, LANDLINE)
    assert privacy.held(MOBILE).own_calls == {"one"}
    assert [one["finished_at"] is None for one in privacy.erasures()] == [False] * 3


def test_a_number_keyed_in_behind_a_choice_is_found_and_one_digit_less_is_not(
    archive: Archive, privacy: Privacy
) -> None:
    keyed = Told(call="keyed").rings(2, "13700000003").answered()
    for digit in f"2{MOBILE}#":
        keyed.tell(facts.DigitDialled(digit), after=0.3)
    archive.write(keyed.hung_up())
    assert privacy.held(MOBILE).naming_calls == {"keyed"}
    with pytest.raises(NothingHeld):
        privacy.held(LANDLINE)


def test_a_number_stands_in_a_database_wherever_its_bytes_do(tmp_path: Path) -> None:
    """A column that ends in a digit may be stored right before the number's."""
    with closing(sqlite3.connect(tmp_path / "calls.db")) as database, database:
        database.execute("create table calls (offered_at text, caller text)")
        database.execute("insert into calls values (?, ?)", ("2026-02-18 01:30:00.000000", MOBILE))
    assert seek.holds(tmp_path / "calls.db", MOBILE.encode())
    aside = tmp_path / "calls.db.corrupt-20260218"
    aside.write_bytes(b"\0" + f"00{MOBILE}1".encode())
    assert seek.holds(aside, MOBILE.encode())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (MOBILE, True),
        (f"+86{MOBILE}.", True),
        (f"0{MOBILE}", True),
        (rf"\u53f7{MOBILE}\u53f7", True),
        (f"1{MOBILE}", False),
        (f"{MOBILE}1", False),
        ("1" * 70 + MOBILE, False),
    ],
)
@pytest.mark.parametrize("before", [0, 8, 9, 10, 11, 20, 60, 64, 99, 100])
def test_in_a_text_it_stands_alone_wherever_the_parts_read_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, found: bool, before: int
) -> None:
    monkeypatch.setattr(seek, "CHUNK", 100)
    path = tmp_path / "export.json"
    path.write_text("x" * before + text + ("," + "y" * 200 if before % 2 else ""))
    assert seek.holds(path, MOBILE.encode()) is found


AREAS = ("10", "21", "531", "390", "530", "755", "139", "853")
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
LANDLINES = st.builds("{}{}".format, st.sampled_from(AREAS), st.from_regex(r"[0-9]{7,8}", fullmatch=True)).map(
    lambda digits: "0" + digits
)
LOCALS = st.from_regex(r"[1-9][0-9]{2,7}", fullmatch=True)
ABROAD = st.from_regex(r"\+(?!86)[1-9][0-9]{7,13}", fullmatch=True)
NUMBERS = st.one_of(MOBILES, LANDLINES, LOCALS, ABROAD)


@st.composite
def near(draw: st.DrawFn, number: str) -> str:
    """Another number whose digits are mostly the same."""
    digits = number.lstrip("+")
    at = draw(st.integers(0, 3))
    return draw(
        st.sampled_from(
            [digits[at:], digits[: len(digits) - at], f"0{digits[at:]}", f"{at}{digits}", f"{digits}{at}"]
        )
        | NUMBERS
    )


def forms(number: str) -> Iterator[str]:
    """As it may be written."""
    plain = normalised(number)
    assert plain is not None
    at_home = [plain] if plain.startswith("+") else [plain, number]
    if plain.startswith("+"):
        at_home.append(f"00{plain[1:]}")
    elif len(plain) >= 10 and plain[0] != "0":
        at_home += [f"+86{plain}", f"0086{plain}", f"+86 {plain}", f"86{plain}"]
        at_home += [f"0{plain}"]
        at_home += [f"{plain[:3]}-{plain[3:7]}-{plain[7:]}", f"{plain[:3]} {plain[3:7]} {plain[7:]}"]
        at_home += [f"0{plain[:3]}-{plain[3:]}", f"(0{plain[:3]}){plain[3:]}", f"0{plain[:3]} {plain[3:]}"]
    for form in at_home:
        if normalised(form) == plain:
            yield from (
                form,
                form.translate(FULL),
                form.translate(CHINESE),
                " ".join(form) if "(" not in form else form,
            )
            yield "、".join(form) if form.isdigit() else form


WORDS = st.sampled_from(["", "打", "他的号是", "call ", "sip:", "电话:", "2026-11-22 13:35: "])
AFTER = st.sampled_from(["", "。", "@host", " or so", "#", ",13512345678", " 的回电", "\n"])


@given(number=NUMBERS, before=WORDS, after=AFTER)
def test_every_written_form_is_found_whole(number: str, before: str, after: str) -> None:
    written = Written(number)
    for form in forms(number):
        assert written.is_in(f"{before}{form}{after}"), form
        left = written.without(f"{before}{form}{after}")
        opening = form[0] if form[0] in "(\uff08" else ""
        assert left == f"{before}{opening}***{after}", form


@given(data=st.data(), number=NUMBERS, before=WORDS, after=AFTER)
def test_of_two_numbers_the_one_leaves_every_form_of_the_other(
    data: st.DataObject, number: str, before: str, after: str
) -> None:
    other = data.draw(near(number))
    assume(normalised(other) not in (None, normalised(number)) and not after.startswith(","))
    for one, another in ((number, other), (other, number)):
        written = Written(one)
        # Eight digits of a date are a local number's form.
        assume(not written.is_in(before))
        for form in forms(another):
            text = f"{before}{form}{after}"
            assert written.without(text) == text
            assert not written.is_it(form)
        # A key of the menu may stand before the number that was keyed in.
        assert "+" in another or another[1:] == one or not written.is_keyed_in(f"{another}#")


@given(number=NUMBERS, text=st.text(alphabet="0123456789一二+-86 ,、()/", max_size=60))
def test_any_text_is_searched(number: str, text: str) -> None:
    written = Written(number)
    left = written.without(text)
    assert written.is_in(text) == (left != text)


@given(number=NUMBERS)
def test_a_column_and_a_text_are_read_by_one_rule(number: str) -> None:
    written = Written(number)
    for form in (number, f"1{number.lstrip('+')}", f"{number}1", f"+86{number.lstrip('+')}"):
        if normalised(form) is not None:
            assert written.is_it(form) == written.is_in(form), form
