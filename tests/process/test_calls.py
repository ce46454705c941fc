"""What one gateway made of a day with every kind of customer: call records, feed, what was on the wire."""

import asyncio
import wave
from datetime import datetime
from pathlib import Path

import pytest

from tests.process.day import FXO, SIP, Day, live_through_a_day
from tests.process.material import DIALPLAN
from tests.sip.peer.g711 import from_pcm

pytestmark = pytest.mark.process

CALLS = [("sip", kind) for kind in SIP] + [("fxo", kind) for kind in FXO]
SILENT = ["silent-1", "silent-2", "silent-final"]
NOISY = ["noisy-1", "noisy-2", "noisy-final"]
CLOSED = ["further", "farewell"]

ENDS: dict[str, tuple[str, str, str, list[str]]] = {
    "talking": ("answered", "customer", "bye|busy_tone", ["greeting", *CLOSED]),
    "silent": ("answered", "standard", "JH-6", ["greeting", *SILENT]),
    "without audio": ("answered", "standard", "JH-6", ["greeting", *SILENT]),
    "noisy": ("answered", "standard", "JH-7", ["greeting", *NOISY]),
    "faint": ("answered", "standard", "JH-7", ["greeting", *NOISY]),
    "giving up": ("abandoned", "customer", "cancel|ring_stopped", []),
    "staying": ("answered", "guard", "JH-2", ["greeting", *CLOSED]),
    "pressing": ("answered", "customer", "bye|busy_tone", ["greeting"]),
    "hanging up": ("answered", "customer", "bye|loop_drop", ["greeting"]),
}
"""Outcome, released_by, cause on a SIP or an FXO line, and the prompts without which the call is none."""

RINGS = {("sip", False): {2}, ("sip", True): {1}, ("fxo", False): {2, 3}, ("fxo", True): {1}}
"""Rings by driver and whether the caller gave up after one. The emulated exchange rings so fast that a busy
machine may miss the gap after ring 2; the one after ring 3 is the reserve it has."""

VERDICT = {"talking": "speech", "staying": "speech", "noisy": "noisy", "faint": "faint", "silent": "silent"}

CLAUSES = {
    "talking": {"JH-1": True, "JH-2": True, "JH-3": True, "JH-10": True, "JH-11": True},
    "silent": {"JH-1": True, "JH-2": True, "JH-3": True, "JH-6": True},
    "without audio": {"JH-1": True, "JH-2": True, "JH-3": True, "JH-6": True},
    "noisy": {"JH-1": True, "JH-2": True, "JH-3": True, "JH-7": True},
    "faint": {"JH-1": True, "JH-2": True, "JH-3": True, "JH-7": True},
    "giving up": {},
    "staying": {"JH-1": True, "JH-2": False, "JH-3": True, "JH-10": True, "JH-11": True},
    "pressing": {"JH-1": True, "JH-2": True, "JH-3": True},
    "hanging up": {"JH-1": True, "JH-2": True},
}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> Day:
    return asyncio.run(live_through_a_day(tmp_path_factory.mktemp("day"), dialplan))


def in_essence(prompts: list[str], kind: str) -> list[str]:
    """Prompts without what a busy machine may add: a customer slow to speak, or to be heard, has been told that he
    is connected; one who went on after 「anything else?」 has been asked again."""
    silent = kind in ("silent", "without audio")
    said = [prompt for prompt in prompts if silent or not prompt.startswith("silent-")]
    return [prompt for prompt, last in zip(said, [None, *said], strict=False) if prompt != last]


@pytest.mark.parametrize(("driver", "kind"), CALLS)
class TestEveryCall:
    def test_ends_on_record_as_the_standard_has_it(self, day: Day, driver: str, kind: str) -> None:
        record = day.record(driver, kind)
        outcome, by, causes, prompts = ENDS[kind]
        cause = causes.split("|")[0 if driver == "sip" else -1]
        assert (record["outcome"], record["released_by"], record["cause"]) == (outcome, by, cause)
        assert in_essence([p["prompt"] for p in record["prompts"]], kind) == prompts
        assert (record["site"], record["driver"], record["dialplan"]) == ("jinan", driver, DIALPLAN)
        assert record["agent"] == "801"
        assert record["rings"] in RINGS[driver, kind == "giving up"]

    def test_prompts_are_whole_but_for_the_customers_own_doing(self, day: Day, driver: str, kind: str) -> None:
        for prompt in day.record(driver, kind)["prompts"]:
            assert prompt["complete"] or prompt["cut"] in ("barge_in", "far_end_hung_up"), prompt
            assert prompt["clause"].startswith("JH-")
            if prompt["prompt"] == "greeting":
                assert prompt["text"] == "您好!济华热线801号为您服务,请问有什么可以帮您吗?"

    def test_verdicts(self, day: Day, driver: str, kind: str) -> None:
        verdicts = [verdict["verdict"] for verdict in day.record(driver, kind)["verdicts"]]
        assert VERDICT.get(kind, "silent") in verdicts or kind in ("giving up", "hanging up")
        assert verdicts == [v for v, last in zip(verdicts, [None, *verdicts], strict=False) if v != last]

    def test_compliance(self, day: Day, driver: str, kind: str) -> None:
        compliance = day.record(driver, kind)["compliance"]
        assert {entry["clause"]: entry["kept"] for entry in compliance}.items() >= CLAUSES[kind].items()
        # From the list: a clause that orders several steps is judged once for each.
        assert [entry["clause"] for entry in compliance if not entry["kept"]] == ["JH-2"] * (kind == "staying")
        assert all(entry["evidence"] for entry in compliance)

    def test_the_record_is_timed(self, day: Day, driver: str, kind: str) -> None:
        record = day.record(driver, kind)
        times = [record["offered_at"], record["answered_at"]]
        times += [p[key] for p in record["prompts"] for key in ("started_at", "ended_at")]
        told = [datetime.fromisoformat(at) for at in [*times, record["ended_at"]] if at is not None]
        assert told == sorted(told)
        assert all(at.utcoffset() is not None for at in told)
        assert (record["answered_at"] is None) == (record["outcome"] == "abandoned")

    def test_events_come_in_order(self, day: Day, driver: str, kind: str) -> None:
        events = day.stories[driver, kind].events
        names = [event["event"] for event in events]
        assert [event["seq"] for event in events] == sorted({event["seq"] for event in events})
        assert set(names[:2]) == {"ring", "caller_id"}
        assert names[-1] == "released"
        assert names.count("released") == 1
        _, by, causes, _ = ENDS[kind]
        assert (events[-1]["by"], events[-1]["cause"] in causes) == (by, True)
        assert ("far_end_hangup" in names) == (by == "customer")
        if by == "customer":
            hang_up = next(event for event in events if event["event"] == "far_end_hangup")
            assert hang_up["how"] == events[-1]["cause"]
        if kind != "giving up":
            answered = names.index("answered")
            assert names[:answered].count("ring") == day.record(driver, kind)["rings"]
            assert [name for name in names[answered:] if name != "verdict"][1] == "prompt_started"

    def test_each_prompt_begins_once_and_ends_once_before_the_next(self, day: Day, driver: str, kind: str) -> None:
        spoken = [e for e in day.stories[driver, kind].events if e["event"].startswith("prompt_")]
        assert [e["event"] for e in spoken] == ["prompt_started", "prompt_finished"] * (len(spoken) // 2)
        begun = [event["prompt"] for event in spoken[::2]]
        assert begun == [event["prompt"] for event in spoken[1::2]]
        assert begun == [prompt["prompt"] for prompt in day.record(driver, kind)["prompts"]]

    def test_states_follow_the_call(self, day: Day, driver: str, kind: str) -> None:
        states = [entry["state"] for entry in day.stories[driver, kind].states]
        walked = [state for state, last in zip(states, [None, *states], strict=False) if state != last]
        assert walked[0] == "ringing"
        assert walked[-1] == "released"
        assert (walked[1] == "greeting") == (kind != "giving up")
        if ENDS[kind][1] in ("standard", "guard") or kind == "talking":
            assert walked[-2] == "closing"

    def test_the_number_is_whole_on_record_and_masked_in_the_feed(self, day: Day, driver: str, kind: str) -> None:
        story = day.stories[driver, kind]
        assert day.record(driver, kind)["caller"] == story.number
        assert story.number not in str(day.watcher.heard)
        assert {entry["caller"] for entry in story.states} <= {None, story.masked}
        assert {entry["agent"] for entry in story.states} == {"801"}


@pytest.mark.parametrize("driver", ["sip", "fxo"])
def test_keys_are_told_and_recorded(day: Day, driver: str) -> None:
    keys = [e["digit"] for e in day.stories[driver, "pressing"].events if e["event"] == "dtmf"]
    assert "".join(keys) == day.record(driver, "pressing")["digits"] == "801#"


@pytest.mark.parametrize("driver", ["sip", "fxo"])
def test_a_talking_customers_words_are_on_the_disk(day: Day, driver: str) -> None:
    file = Path(day.record(driver, "talking")["recording"])
    assert file.stem == day.record(driver, "talking")["call"]
    with wave.open(str(file)) as recording:
        assert (recording.getframerate(), recording.getnchannels(), recording.getsampwidth()) == (8000, 1, 2)
        samples = from_pcm(recording.readframes(recording.getnframes()))
    loud = [sample for sample in samples if abs(sample) > 1000]
    assert len(samples) > 8000 * 3
    assert len(loud) > 8000 * 0.3, "the customer is to be heard"


def test_the_fifth_caller_of_four_is_busy_at_once(day: Day) -> None:
    assert day.statuses["fifth"] == 486


def test_a_stranger_gets_no_answer_and_is_named_in_the_log(day: Day) -> None:
    assert day.statuses["stranger"] == 0
    assert "127.0.0.2 is not in allow" in day.log


@pytest.mark.parametrize("kind", list(FXO))
def test_the_exchange_saw_each_line_answered_in_a_gap_and_hung_up_last(day: Day, kind: str) -> None:
    report = day.reports[kind]
    assert report.answered == (kind != "giving up")
    assert not report.answered_in_burst
    assert report.rings <= 3
    assert report.released_by == ("modem" if ENDS[kind][1] in ("standard", "guard") else "caller")


def test_nobody_hears_of_the_calls_that_were_not_taken(day: Day) -> None:
    assert set(day.records) == {number for number, *_ in [*SIP.values(), *FXO.values()]}


@pytest.mark.parametrize("line", ["sip1", "sip2", "fxo1", "fxo2", "fxo3", "fxo4", "fxo5", "fxo6"])
def test_a_lines_events_are_numbered_without_a_gap(day: Day, line: str) -> None:
    numbers = [event["seq"] for event in day.watcher.of(f"line/{line}/event")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert day.watcher.of(f"line/{line}/event")[0]["event"] == "line_restored"


def test_who_comes_late_finds_every_line_idle_and_the_days_figures(day: Day) -> None:
    assert day.late["status"] == "online"
    states = {topic: state for topic, state in day.late.items() if topic.startswith("line/") and "/state" in topic}
    assert {state["state"] for state in states.values()} == {"idle"}
    assert all(state["calls"] == [] for state in states.values())
    kpi = day.late["kpi"]
    assert (kpi["offered"], kpi["answered"], kpi["abandoned"]) == (len(CALLS), len(CALLS) - 2, 2)
    assert kpi["within_rings_rate"] == 1.0
    assert day.late["agent/801/state"]["agent"] == "801"


def test_the_log_tells_of_no_trouble(day: Day) -> None:
    assert "ready: 8 lines in service, 0 faulty" in day.log
    told = [line for line in day.log.splitlines() if " WARNING " in line or " ERROR " in line]
    # But for the stranger of the day.
    assert not [line for line in told if "127.0.0.2 is not in allow" not in line]
