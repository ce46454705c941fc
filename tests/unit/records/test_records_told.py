"""Menus, intakes and waits: what the record holds of them, `calls --json` prints and `calls show` tells."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from drivers.line import MediaLost, Verdict
from gateway.call import facts
from gateway.call.facts import Notice
from gateway.call.requests import EndWaiting, KeepWaiting, SayPhrase
from gateway.cli.calls import list_calls, show_call
from gateway.records import CallRecord, Records, RecordsConfig, Rules, Store
from gateway.records.noted import LossNoted
from gateway.records.rule_book import RuleBook
from tests.scenarios.story import LEG
from tests.service.told import MORNING, Told
from tests.unit.records.standards import RealCall, greeted, recorded

pytestmark = pytest.mark.unit


def complaint() -> RealCall:
    """A serious complaint, in which the customer waits and puts us on hold."""
    call = greeted("tietong-keyaccount")
    call.passes(1.5)
    call.dials("4")
    call.passes(3.0)
    call.talks()
    call.asks_for(SayPhrase("nuisance"))
    call.passes(2.0)
    call.asks_for(KeepWaiting())
    call.passes(10.0)
    call.on_hold(20.0)
    call.passes(22.0)
    call.asks_for(EndWaiting())
    call.passes(20.0)
    call.hangs_up()
    return call


def intake() -> RealCall:
    """Two questions answered, by key and by word, the third not."""
    call = greeted("jinsui-tax")
    call.talks()
    call.passes(4.1)
    call.dials("12#")
    call.passes(1.5)
    call.talks(2.0)
    call.passes(5.0)
    call.hangs_up()
    return call


@dataclass
class Kept:
    """A database that holds these calls."""

    config: RecordsConfig

    def take(self, call: RealCall) -> CallRecord:
        records = Records(self.config)
        records.start()
        for at, fact in call.facts:
            records.receive(Notice(MORNING + timedelta(seconds=at), "fxo1", "c1", fact))
        records.stop()
        with Store(self.config) as store:
            return store.call("c1")


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    rules = {call.plan.dialplan: Rules.of(call.plan) for call in (complaint(), intake())}
    return Kept(RecordsConfig(site="jinan", data_dir=tmp_path, rules=RuleBook(rules)))


def printed(kept: Kept, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert list_calls(kept.config, as_json=True) == 0
    fields = json.loads(capsys.readouterr().out)
    assert isinstance(fields, dict)
    return fields


def test_kind_alerts_waits_and_holds_are_on_disk(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    call = complaint()
    record = kept.take(call)
    assert record.waits == recorded(call).waits
    assert record.kind_at == recorded(call).kind_at
    fields = printed(kept, capsys)
    chosen = (MORNING + timedelta(seconds=call.at(facts.KindChosen))).isoformat(timespec="milliseconds")
    assert (fields["kind"], fields["kind_digit"], fields["kind_at"]) == ("serious_complaint", "4", chosen)
    assert fields["alerts"] == [{"at": chosen, "kind": "serious_complaint", "clause": "TT-1"}]
    (wait,), (hold,) = fields["waits"], fields["holds"]  # type: ignore[misc]
    assert (wait["waited"], wait["overdue"]) == (32.0, False)  # type: ignore[has-type]
    assert wait["began_at"] < hold["held_at"] < hold["resumed_at"] < wait["ended_at"]  # type: ignore[has-type]
    parts = [prompt["part"] for prompt in fields["prompts"]]  # type: ignore[attr-defined]
    assert parts[:5] == ["greeting", "menu", "opening", "phrase", "waiting"]
    assert all(judgement["kept"] for judgement in fields["compliance"])  # type: ignore[attr-defined]


def test_every_answer_is_on_disk(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    record = kept.take(intake())
    assert record.answers == recorded(intake()).answers
    first, second, third = printed(kept, capsys)["answers"]  # type: ignore[misc]
    assert first == {  # type: ignore[has-type]
        "question": "enterprise",
        "text": "请问您的企业全称是什么?",
        "clause": "JS-3",
        "recording": "/r/c1-enterprise.wav",
        "digits": "12",
        "spoken": False,
        "at": record.answers[0].at.isoformat(timespec="milliseconds"),
    }
    assert (second["spoken"], second["digits"]) == (True, None)  # type: ignore[has-type]
    assert (third["spoken"], third["digits"]) == (False, None)  # type: ignore[has-type]


def test_a_complaint_is_told_in_words(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    kept.take(complaint())
    assert show_call(kept.config, "c1") == 0
    lines = [line[21:].strip() for line in capsys.readouterr().out.splitlines()]
    alert = lines.index("alert: people are called in for serious_complaint, as TT-1 orders")
    assert lines[alert - 1] == "kind: serious_complaint (key 4)"
    assert lines[alert + 1].endswith(
        "keeps  TT-1: offered once, key 4: serious_complaint; alert raised 0.0 s after the choice"
    )
    over = lines.index("the wait is over after 32.0 s: somebody has time for him")
    assert lines.index("the customer waits for somebody") < lines.index("the customer put us on hold") < over
    assert "keeps  JH-8: reassured at 0.0 s, 35.0 s, 50.0 s" in lines[over + 1]
    thanks = lines.index("waiting-thanks said to its end")
    assert "keeps  JH-9: 「感谢您的耐心等待」 said after 32.0 s of waiting" in lines[thanks + 1]


def test_answers_are_told_in_words(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    kept.take(intake())
    assert show_call(kept.config, "c1") == 0
    out = capsys.readouterr().out
    assert "answer to enterprise: keys 12, recorded to /r/c1-enterprise.wav" in out
    assert "answer to telephone: spoken, recorded to /r/c1-telephone.wav" in out
    told = out.splitlines()
    last = next(i for i, line in enumerate(told) if "answer to tax_office: none, recorded to" in line)
    assert "keeps  JS-3: 3 of 9 questions in order, each answer recorded, 1 unanswered" in told[last + 1]


def test_who_presses_nothing_and_waits_in_vain_is_told_so(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    call = greeted("tietong-keyaccount", recording=None)
    call.passes(20.0)
    call.talks()
    call.asks_for(KeepWaiting())
    call.passes(200.0)
    call.hangs_up()
    kept.take(call)
    assert show_call(kept.config, "c1") == 0
    out = capsys.readouterr().out
    assert "kind: enquiry (no key pressed)" in out
    assert "the wait is over after 180.0 s: nobody came in time" in out


def test_an_end_without_its_beginning_changes_nothing() -> None:
    told = Told().rings(1)
    before = len(told.notices)
    told.tell(facts.WaitEnded(3.0, overdue=False), facts.CustomerResumed())
    told.tell(facts.WaitBegan(), facts.WaitEnded(float("inf"), overdue=True), facts.WaitEnded(3.0, overdue=False))
    call = RealCall()
    call.facts = [((n.at - MORNING).total_seconds(), n.fact) for n in told.notices]  # type: ignore[misc]
    record = recorded(call)
    assert before == 4
    assert record.holds == ()
    (wait,) = record.waits
    assert (wait.waited, wait.overdue) == (None, True), "no figure that is none"


def test_a_loss_and_its_end_are_in_the_record() -> None:
    call = greeted("jihua-gas")
    call.customer_is(Verdict.NOISY)
    call.is_lost(2.0)
    call.passes(3.0)
    call.hangs_up()
    (loss,) = recorded(call).losses
    lost_at, restored_at = (call.at(kind) for kind in (facts.MediaLost, facts.MediaRestored))
    assert loss == LossNoted(MORNING + timedelta(seconds=lost_at), MORNING + timedelta(seconds=restored_at))
    assert [loss.at(MORNING + timedelta(seconds=at)) for at in (lost_at, lost_at + 1.9, restored_at)] == [
        *(True, True, False)
    ]


def test_jh6_a_customer_whose_audio_was_lost_is_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = greeted("jihua-gas")
    call.reports(MediaLost(LEG))
    call.passes(60.0)
    kept = Kept(RecordsConfig(site="jinan", data_dir=tmp_path, rules=RuleBook({"jihua-gas": Rules.of(call.plan)})))
    assert kept.take(call).losses == recorded(call).losses
    losses = printed(kept, capsys)["losses"]
    assert isinstance(losses, list)
    assert [loss["restored_at"] for loss in losses] == [None]
    assert show_call(kept.config, "c1") == 0
    out = capsys.readouterr().out
    assert "no audio comes from the customer" in out
    assert "heard: silent" not in out
    assert "keeps  JH-6: silent-1, silent-2, silent-final in order, released 0.0 s after, 0 s asked; " in out
    assert "; no audio came from the customer at 3 of 3 steps" in out
