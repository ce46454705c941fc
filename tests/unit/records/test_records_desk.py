"""Agents, queues and call-backs: what the record holds of them, `calls --json` prints and `calls show` tells."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gateway.call import facts
from gateway.call.facts import NumberSource
from gateway.cli.calls import list_calls, show_call
from gateway.records import Records, RecordsConfig, Store
from tests.service.told import Told, called_back, not_reached, talker

pytestmark = pytest.mark.unit


def served() -> Told:
    """Greeted with 801, who does not come; waits, talks to 802, who leaves; is to be called back."""
    told = Told(call="served").rings(2).tell(facts.AgentAssigned("803")).answered()
    told.tell(facts.AgentRinging("803"), after=0.1).tell(facts.AgentMissed("803", "no_answer"), after=15.0)
    told.tell(facts.WaitBegan(2)).tell(facts.WaitMoved(1), after=5.0).tell(facts.AgentRinging("802"))
    told.tell(facts.WaitEnded(9.0, overdue=False), facts.AgentConnected("802"), after=4.0)
    told.tell(facts.AgentLeft("802", "hung_up"), after=60.0)
    told.tell(facts.WaitBegan(), after=1.0).tell(facts.WaitEnded(7.0, overdue=False, chosen=True), after=7.0)
    told.tell(facts.CallBackAsked("13900001111", NumberSource.KEYED, confirmed=True), facts.MessageTaken())
    return told.hung_up()


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    return RecordsConfig(site="jinan", data_dir=tmp_path)


def keep(config: RecordsConfig, *calls: Told) -> None:
    records = Records(config)
    records.start()
    for told in calls:
        for notice in told.notices:
            records.receive(notice)
    records.stop()
    assert records.problem is None


def printed(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert list_calls(config, as_json=True) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_record_holds_agents_places_and_the_call_back(
    config: RecordsConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(config, served())
    (fields,) = printed(config, capsys)
    assert {key: fields[key] for key in ("agent", "owner", "direction", "ticket", "message_at")} == {
        "agent": "803",
        "owner": "803",
        "direction": "in",
        "ticket": None,
        "message_at": "2026-02-18T09:31:37.300+08:00",
    }
    nothing = dict.fromkeys(("rung_at", "missed_at", "missed", "connected_at", "left_at", "left"))
    assert fields["agents"] == [
        nothing
        | {
            "agent": "803",
            "rung_at": "2026-02-18T09:30:05.300+08:00",
            "missed_at": "2026-02-18T09:30:20.300+08:00",
            "missed": "no_answer",
        },
        nothing
        | {
            "agent": "802",
            "rung_at": "2026-02-18T09:30:25.300+08:00",
            "connected_at": "2026-02-18T09:30:29.300+08:00",
            "left_at": "2026-02-18T09:31:29.300+08:00",
            "left": "hung_up",
        },
    ]
    waits = fields["waits"]
    assert isinstance(waits, list)
    assert [(wait["positions"], wait["chosen"], wait["waited"]) for wait in waits] == [
        ([2, 1], False, 9.0),
        ([], True, 7.0),
    ]
    assert fields["call_backs"] == [
        {
            "at": "2026-02-18T09:31:37.300+08:00",
            "number": "13900001111",
            "source": "keyed",
            "confirmed": True,
        }
    ]


def test_an_agent_who_is_rung_twice_is_noted_twice(config: RecordsConfig) -> None:
    told = Told().rings(2).answered()
    for why in ("busy", "no_answer"):
        told.tell(facts.AgentRinging("801")).tell(facts.AgentMissed("801", why), after=3.0)
    told.tell(facts.AgentRinging("801"), facts.AgentRinging("802")).tell(facts.AgentConnected("801"))
    keep(config, told.tell(facts.AgentLeft("801", "failed")).hung_up())
    with Store(config) as store:
        agents = store.call("c0ffee01").agents
    assert [(a.agent, a.missed, a.connected_at is not None, a.left) for a in agents] == [
        ("801", "busy", False, None),
        ("801", "no_answer", False, None),
        ("801", None, True, "failed"),
        ("802", None, False, None),
    ]


def test_it_is_told_in_words(config: RecordsConfig, capsys: pytest.CaptureFixture[str]) -> None:
    keep(config, served())
    assert show_call(config, "served") == 0
    lines = [line.split(" s  ", 1)[-1].strip() for line in capsys.readouterr().out.splitlines()]
    story = [
        "agent 803 is responsible for this customer",
        "agent 803 is rung",
        "agent 803 did not come: nobody came to the telephone",
        "the customer waits for somebody, number 2 in the queue",
        "number 1 in the queue",
        "the wait is over after 9.0 s: somebody has time for him",
        "agent 802 and the customer hear each other",
        "agent 802 has gone: he hung up",
        "the customer waits for somebody",
        "the wait is over after 7.0 s: he chose so by key",
        "to be called back at 13900001111, keyed in, confirmed",
        "the customer has told his case; it is passed on",
    ]
    assert [line for line in lines if line in story] == story
    judged = lines[lines.index("agent 802 and the customer hear each other") + 1]
    assert judged.startswith("keeps  WD-13: 803 is responsible and did not come (no_answer); 802 took over")


def test_a_call_back_is_told_and_listed_with_its_direction(
    config: RecordsConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(config, talker(call="in"), called_back(call="out1"), not_reached(call="out2"))
    fields = {str(call["call"]): call for call in printed(config, capsys)}
    shown = {name: (c["direction"], c["ticket"], c["caller"], c["outcome"]) for name, c in fields.items()}
    assert shown == {
        "in": ("in", None, "13812345678", "answered"),
        "out1": ("out", 12, "13812345678", "answered"),
        "out2": ("out", 12, "13812345678", "unreached"),
    }
    assert list_calls(config) == 0
    table = capsys.readouterr().out
    assert table.count("→ 13812345678") == 2
    assert "unreached: no_answer" in table
    assert show_call(config, "out2") == 0
    told = capsys.readouterr().out
    assert "13812345678 is called, as ticket 12 owes" in told
    assert "the customer's telephone rings" in told
    assert "the customer was not reached: nobody came to the telephone" in told


def test_a_call_back_that_a_crash_cut_is_closed_as_a_fault(config: RecordsConfig) -> None:
    cut = called_back(call="cut")
    cut.notices = cut.notices[:-3]
    keep(config, cut)
    keep(config)
    with Store(config) as store:
        call = store.call("cut")
    assert (call.released_by, call.cause, call.ticket) == ("fault", "gateway stopped", 12)
    assert call.agents[0].left_at is None
    assert {(j.clause, j.kept) for j in call.compliance} == {("JH-19", True), ("JH-2", False)}


def test_waits_of_an_earlier_version_have_no_positions(config: RecordsConfig) -> None:
    keep(config, served())
    wait = {"began_at": "2026-02-18T09:30:00.000+08:00", "ended_at": None, "waited": None, "overdue": False}
    with closing(sqlite3.connect(config.data_dir / "calls.db")) as connection, connection:
        connection.execute(
            "UPDATE calls SET waits = ?, direction = NULL, agents = NULL, call_backs = NULL", [json.dumps([wait])]
        )
    with Store(config) as store:
        (call,) = store.calls()
    assert (call.waits[0].positions, call.waits[0].chosen) == ((), False)
    assert (call.direction.value, call.agents, call.call_backs) == ("in", (), ())
