"""What is held on one number: found in every form it was stored in, exported whole, erased without a trace."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from drivers.line import CallerId, FaultCode, LineFault
from gateway.call import facts
from gateway.call.facts import Notice, NumberSource
from gateway.call.plan import Part, Prompt, Question
from gateway.people import NumberWrong
from gateway.people.schema import NumberRow
from gateway.privacy import ErasureRefused, NothingHeld, Privacy
from gateway.privacy.written import Written
from gateway.records.schema import CallRow, EventRow
from gateway.records.spool_file import SpoolFile
from gateway.records.summary import summary_of
from gateway.tickets.schema import AttemptRow, EntryRow, TicketRow
from tests.service.told import MORNING, Told, dialled, talker
from tests.unit.privacy.archive import Archive, archive_in
from tests.unit.tickets.counter import asks

pytestmark = pytest.mark.unit

NUMBER, OTHER, THIRD = "13987654321", "13812345678", "13700000003"
FORMS = (NUMBER, f"+86{NUMBER}", f"0086{NUMBER}", f"0{NUMBER}")
BY, WHY = "Li Ming", "request 2026-17"
LATER = MORNING + timedelta(hours=1)


def keys_in(told: Told, number: str) -> Told:
    """He would rather be called back, at a number that he keys in and has read back."""
    read_back = Prompt(
        "call-back-number",
        f"您的电话号码是{'*' * len(number)},请按1",
        "JS-2",
        ("before.wav", *(f"digit-{digit}.wav" for digit in number), "after.wav"),
        5.0,
        part=Part.CALL_BACK,
    )
    for digit in f"2{number}#":
        told.tell(facts.DigitDialled(digit), after=0.3)
    told.tell(facts.PromptStarted(read_back)).tell(facts.PromptFinished(read_back), after=5.0)
    return told.tell(facts.CallBackAsked(number, NumberSource.KEYED, True))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Everything that can be known of NUMBER, and somebody else's calls."""
    archive = archive_in(tmp_path)
    named = Told(call="own-named").rings(1, None).tell(facts.CallerIdentified(CallerId(FORMS[1], "张三丰")))
    wave = recording(archive, "own-named.wav")
    answer = recording(archive, "own-named-1.wav")
    question = Question(
        "telephone", Prompt("question-telephone", "您的电话?", "JS-3", ("q.wav",), 2.0), 2.0, answer
    )
    named.answered().tell(facts.RecordingStarted(wave), facts.QuestionAnswered(question, True, NUMBER))
    calls = [talker(call=f"own-{at}") for at in range(len(FORMS))]
    for call, form in zip(calls, FORMS, strict=True):
        call.notices = [with_caller(notice, form) for notice in call.notices]
    fault = LineFault(FaultCode.INTERNAL, f"no answer to INVITE sip:{NUMBER}@pbx")
    of_line = Told(notices=[Notice(MORNING, "sip1", None, fault)])
    archive.write(*calls, named.hung_up(), talker(call="other"), of_line)
    keyed = keys_in(Told(call="keyed").rings(2, OTHER).answered().says("greeting"), NUMBER)
    archive.ticketed(keyed.tell(facts.RecordingStarted(recording(archive, "keyed.wav"))).hung_up())
    (ticket,) = archive.tickets()
    told = {"site": "jinan", "telephone": NUMBER, "secret": "s", "at": MORNING, "expires_at": MORNING}
    archive.add(AttemptRow, {"ticket": ticket.id, "ended_at": MORNING, "result": "no_answer", **told})
    archive.write(dialled(ticket.id, NUMBER, call="out").hung_up())
    archive.shut(ticket.id, LATER)
    archive.add(
        EntryRow, {"ticket": ticket.id, "at": LATER, "who": "802", "what": "noted", "why": f"他的号是{NUMBER}"}
    )
    counted = {"nuisance": 3, "foul_language": 0, "last_at": MORNING, "warned": True}
    archive.add(NumberRow, {"number": NUMBER, "note": "骚扰", **counted})
    archive.add(
        NumberRow, {"number": OTHER, "note": f"same person as {NUMBER[:3]}-{NUMBER[3:7]}-{NUMBER[7:]}", **counted}
    )
    return archive


def with_caller(notice: Any, number: str) -> Any:
    known = isinstance(notice.fact, facts.CallerIdentified)
    return replace(notice, fact=facts.CallerIdentified(CallerId(number))) if known else notice


def recording(archive: Archive, name: str) -> str:
    path = archive.folder / "recordings" / "2026-02-18" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF")
    return str(path)


@pytest.fixture
def privacy(archive: Archive) -> Iterator[Privacy]:
    with Privacy(archive.config) as privacy:
        yield privacy


def held_in(folder: Path, *forms: str) -> list[str]:
    """Files in which one of these stands, as bytes or as JSON escapes it."""
    wanted = [text.encode() for form in forms for text in (form, json.dumps(form)[1:-1])]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(text in path.read_bytes() for text in wanted)]


def spaced(number: str) -> str:
    return " ".join(number)


SPOKEN = NUMBER.translate(str.maketrans("0123456789", "零一二三四五六七八九"))


def erase(privacy: Privacy, number: str = NUMBER, **options: Any) -> Any:
    return privacy.erase(number, by=BY, why=WHY, now=LATER, **options)


def test_any_written_form_finds_the_calls_stored_in_any(privacy: Privacy) -> None:
    for form in (*FORMS, "+86 139-8765-4321", "1398 765 4321"):
        held = privacy.held(form)
        assert held.own_calls == {*(f"own-{at}" for at in range(4)), "own-named", "out"}
        assert (held.naming_calls, held.listed, held.notes) == ({"keyed"}, True, {OTHER})
        assert len(held.own_tickets) == 1


def test_the_export_holds_all_of_it_and_nothing_of_others(archive: Archive, privacy: Privacy) -> None:
    told, files = privacy.export(f"0086-{NUMBER}", LATER)
    assert {call["call"]: call["caller"] for call in told["calls"]} == {
        **{f"own-{at}": form for at, form in enumerate(FORMS)},
        **{"own-named": FORMS[1], "out": NUMBER},
    }
    named = next(call for call in told["calls"] if call["call"] == "own-named")
    assert named["caller_name"] == "张三丰"
    assert [event["fact"] for event in named["events"]][:2] == ["offered", "state_entered"]
    (ticket,) = told["tickets"]
    assert (ticket["number"], ticket["call_backs"][0]["telephone"]) == (NUMBER, NUMBER)
    assert ticket["history"][-1]["why"].endswith(NUMBER)
    assert told["listed"]["nuisance"] == 3
    assert sorted(path.name for path in files) == ["keyed.wav", "own-named-1.wav", "own-named.wav"]
    assert [one["call"] for one in told["named_in"]["calls"]] == ["keyed"]
    assert OTHER not in json.dumps(told)


def test_of_whoever_named_it_the_export_tells_no_other_number(archive: Archive, privacy: Privacy) -> None:
    both = keyed_at(keys_in(Told(call="both").rings(2, OTHER).answered().says("greeting"), NUMBER), THIRD)
    archive.write(both.hung_up())
    told, _ = privacy.export(NUMBER, LATER)
    named = {one["call"]: [asked["number"] for asked in one["call_backs"]] for one in told["named_in"]["calls"]}
    assert named == {"both": [NUMBER], "keyed": [NUMBER]}
    assert not [number for number in (OTHER, THIRD) if number in json.dumps(told)]


def keyed_at(told: Told, number: str) -> Told:
    """A number that he wants to be called back at as well."""
    return told.tell(facts.CallBackAsked(number, NumberSource.KEYED, True))


def test_nothing_of_it_is_left_in_any_file(archive: Archive, privacy: Privacy) -> None:
    assert held_in(archive.folder, NUMBER) != []
    outcome = erase(privacy)
    assert (outcome.left, outcome.wiped) == ({}, "what was deleted is overwritten in the file")
    assert held_in(archive.folder, NUMBER, spaced(NUMBER), SPOKEN, "张三丰", f"{NUMBER[:3]}-{NUMBER[3:7]}") == []
    assert held_in(archive.folder, OTHER) == ["calls.db"]
    assert list((archive.folder / "recordings").rglob("*.wav")) == []
    with pytest.raises(NothingHeld):
        privacy.held(NUMBER)


def test_neither_keys_nor_what_was_read_back_lead_to_it(archive: Archive, privacy: Privacy) -> None:
    erase(privacy)
    keyed = archive.calls()["keyed"]
    assert (keyed.caller, keyed.digits, keyed.recording) == (OTHER, "", None)
    assert [asked.number for asked in keyed.call_backs] == [None]
    told = [
        data for call, fact, data in archive.all(EventRow.call, EventRow.fact, EventRow.data) if call == "keyed"
    ]
    keys = {data["digit"] for data in told if "digit" in data}
    assert keys == {"***"}
    read = [data["prompt"] for data in told if "prompt" in data and data["prompt"]["part"] == "call_back"]
    assert [prompt["recordings"] for prompt in read] == [[], []]


def test_what_is_counted_stays(archive: Archive, privacy: Privacy) -> None:
    before = archive.calls()
    columns = [column for column in CallRow.__table__.columns if column.name in COUNTED]
    counted = archive.all(*columns)
    events = archive.all(EventRow.number, EventRow.at, EventRow.fact, EventRow.run, EventRow.seq)
    erase(privacy)
    assert archive.all(*columns) == counted
    assert archive.all(EventRow.number, EventRow.at, EventRow.fact, EventRow.run, EventRow.seq) == events
    after = archive.calls()
    assert {call: summary_of(record) for call, record in after.items()} == {
        call: summary_of(record) for call, record in before.items()
    }
    assert after["other"] == before["other"]
    assert [
        (one.caller, one.caller_name) for one in after.values() if one.call.startswith("o") and one.call != "other"
    ] == [(None, None)] * 6


COUNTED = {
    *("call", "site", "line", "driver", "dialplan", "agent", "offered_at", "answered_at", "ended_at", "rings"),
    *("outcome", "released_by", "cause", "verdicts", "kind", "waits", "holds", "losses", "direction", "ticket"),
    *("owner", "agents", "compliance", "attended_by", "waited", "talked", "heard", "kept", "broken"),
}


def test_refused_while_a_call_is_up(archive: Archive, privacy: Privacy) -> None:
    archive.write(Told(call="up").rings(2, FORMS[2]).answered())
    with pytest.raises(ErasureRefused, match="a call with this number is up: up; wait for its end"):
        erase(privacy)
    assert archive.calls()["own-0"].caller == NUMBER


def test_refused_while_a_ticket_is_open_unless_it_is_closed_with_it(archive: Archive, privacy: Privacy) -> None:
    archive.ticketed(asks(NUMBER, call="asked", caller=NUMBER).hung_up())
    with pytest.raises(ErasureRefused, match=r"owed an answer: ticket 2; answer it .* --with-open-tickets"):
        erase(privacy)
    erase(privacy, with_open_tickets=True)
    rows = archive.all(TicketRow.state, TicketRow.number, TicketRow.call_back, TicketRow.due_at)
    assert rows == [("closed", None, "people", None)] * 2
    assert archive.all(EntryRow.ticket, EntryRow.who, EntryRow.what, EntryRow.why)[-1] == (
        2,
        BY,
        "closed",
        "erased",
    )
    assert held_in(archive.folder, NUMBER) == []


def test_refused_while_facts_wait_for_the_database(archive: Archive, privacy: Privacy) -> None:
    spool = SpoolFile(archive.folder / "spool" / "00000001-run.spool", 1_000_000)
    spool.append(b'%08x ["run",1,"2026-02-18T09:30:00+08:00","sip1","own-2","rang",{}]\n' % 0)
    with pytest.raises(ErasureRefused, match=r"facts of this number still wait in .*spool"):
        erase(privacy)
    spool.blank()
    spool.close()
    assert erase(privacy).left == {}


def test_what_cannot_be_deleted_is_named_and_can_be_tried_again(archive: Archive, privacy: Privacy) -> None:
    folder = archive.folder / "recordings" / "2026-02-18"
    stuck = folder / "own-named.wav"
    stuck.unlink()
    outside = archive.folder.parent / "elsewhere.wav"
    outside.write_bytes(b"RIFF")
    stuck.symlink_to(outside)
    copy = archive.folder / "calls.db.corrupt-20260218T013000Z"
    copy.write_text(f"... {NUMBER} ...")
    outcome = erase(privacy)
    assert set(outcome.left) == {str(stuck), str(copy)}
    assert outside.exists()
    assert archive.calls()["own-named"].recording == str(stuck)
    copy.unlink()
    stuck.unlink()


def test_a_file_of_an_earlier_version_that_overwrote_nothing(archive: Archive, privacy: Privacy) -> None:
    file = archive.folder / "calls.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("create table old as select data from events")
        connection.execute("drop table old")
    connection.close()
    outcome = erase(privacy)
    assert outcome.wiped == "the file was written anew"
    assert held_in(archive.folder, NUMBER) == []


def test_an_erasure_is_noted_without_the_number(archive: Archive, privacy: Privacy) -> None:
    with pytest.raises(ErasureRefused, match="holds the number itself"):
        privacy.erase(NUMBER, by=BY, why=f"he asked from {spaced(NUMBER)}", now=LATER)
    erase(privacy)
    (noted,) = privacy.erasures()
    assert (noted["by"], noted["why"], noted["erased"]["calls"]) == (BY, WHY, 7)
    assert noted["erased"]["recordings"] == 3


def test_no_number_and_none_that_is_known(privacy: Privacy) -> None:
    with pytest.raises(NumberWrong):
        privacy.held("abc")
    with pytest.raises(NothingHeld):
        privacy.held("13700000000")
    with pytest.raises(NothingHeld):
        privacy.held("87654321")  # a part of it is another number


@pytest.mark.parametrize(
    ("number", "text", "left"),
    [
        (NUMBER, f"打{spaced(NUMBER)}", "打***"),
        (NUMBER, "一三九-八七六五-四三二幺", "***"),
        (NUMBER, f"sip:+86{NUMBER}@host", "sip:***@host"),
        ("0531-1234567", "0531 1234567", "***"),
        ("110", "call 110 or 1100", "call *** or 1100"),
    ],
)
def test_a_number_in_words(number: str, text: str, left: str) -> None:
    assert Written(number).without({"text": [text], "at": text}) == {"text": [left], "at": text}
