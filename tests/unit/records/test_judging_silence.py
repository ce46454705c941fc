"""Nobody is left without a word: after the answer, in silence or noise, or at a ladder's end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from drivers.line import Verdict
from gateway.call.prompt import Part
from gateway.records.compliance import judged as whole
from gateway.records.noted import HoldNoted, LossNoted, VerdictNoted
from gateway.records.record import CallRecord
from tests.unit.records.standards import broken, greeted, judged, recorded, rules

pytestmark = pytest.mark.unit

JH3, JH6, JH7 = ("JH-3", "greeting"), ("JH-6", "ladder"), ("JH-7", "ladder")


def ungreeted(seconds: float) -> CallRecord:
    """A call in which the line said nothing from the answer to the customer's hanging up."""
    call = greeted("jihua-gas")
    call.hangs_up()
    record = recorded(call)
    assert record.answered_at is not None
    return replace(record, prompts=(), ended_at=record.answered_at + timedelta(seconds=seconds))


def test_a_greeting_that_was_never_begun_is_broken_unless_he_was_gone_at_once() -> None:
    assert broken(ungreeted(30.0))[JH3] == "no greeting was said: silence for 30.0 s"
    gone = ungreeted(9.0)
    assert not broken(gone)
    assert "JH-3" in {one.clause for one in whole(gone, rules("jihua-gas")).not_applicable or ()}
    held = replace(gone, holds=(HoldNoted(gone.ended_at),))  # type: ignore[arg-type]  # it has ended
    assert gone.ended_at is not None
    assert JH3 not in broken(replace(held, ended_at=gone.ended_at + timedelta(seconds=60))), "he had us on hold"


def test_a_greeting_that_begins_too_late_is_broken() -> None:
    call = greeted("jihua-gas")
    call.hangs_up()
    record = recorded(call)
    assert not broken(record)
    assert record.answered_at is not None
    early = replace(record, answered_at=record.answered_at - timedelta(seconds=20))
    assert "nothing was said for 20.0 s after the answer, 10 s allowed" in broken(early)[JH3]


def climbed(verdict: Verdict) -> CallRecord:
    call = greeted("jihua-gas")
    call.customer_is(verdict)
    call.passes(60.0)
    return recorded(call)


def later(record: CallRecord, by: str, seconds: float) -> CallRecord:
    """The same call, ended by somebody else so long after its last words."""
    ended = record.prompts[-1].ended_at
    assert ended is not None
    return replace(record, released_by=by, cause="x", ended_at=ended + timedelta(seconds=seconds))


@pytest.mark.parametrize(("verdict", "clause"), [(Verdict.SILENT, JH6), (Verdict.NOISY, JH7)])
def test_a_whole_ladder_orders_its_release(verdict: Verdict, clause: tuple[str, str]) -> None:
    record = climbed(verdict)
    assert not broken(record)
    assert record.released_by == "standard"
    for by in ("guard", "fault", "shutdown"):
        assert f"released by {by} 300.0 s after" in broken(later(record, by, 300.0))[clause]
        assert clause not in broken(later(record, by, 2.0)), "its time had just come"
    late = replace(later(record, "standard", 60.0), cause=clause[0])
    assert "released 60.0 s after" in broken(late)[clause]
    assert not broken(later(record, "customer", 300.0))


def test_who_speaks_after_the_last_rung_is_not_released() -> None:
    record = later(climbed(Verdict.SILENT), "guard", 300.0)
    final = record.prompts[-1]
    assert final.ended_at is not None
    spoke = VerdictNoted(final.ended_at + timedelta(seconds=1), "speech", -30.0, None)
    assert JH6 not in broken(replace(record, verdicts=(*record.verdicts, spoke)))
    faint = replace(spoke, verdict="faint")
    assert JH6 in broken(replace(record, verdicts=(*record.verdicts, faint))), "who is faint is not understood"
    lost = LossNoted(final.started_at, final.ended_at)
    before = replace(spoke, at=final.started_at - timedelta(seconds=30))
    heard_again = replace(record, verdicts=(before,), losses=(lost,))
    assert JH6 not in broken(heard_again), "what was heard before the loss is heard again"


def unspoken(verdict: Verdict) -> CallRecord:
    """A customer to whom the ladder should have been said, and was not."""
    call = greeted("jihua-gas")
    call.customer_is(verdict)
    call.passes(40.0)
    call.hangs_up()
    record = recorded(call)
    return replace(
        record, prompts=tuple(p for p in record.prompts if p.part != Part.LADDER), released_by="customer"
    )


def test_a_customer_in_noise_is_told_so() -> None:
    for verdict in (Verdict.NOISY, Verdict.FAINT):
        found = broken(unspoken(verdict))
        assert found.keys() == {JH7}
        assert f"to a customer who was {verdict.value}, the longest wait is 8 s" in found[JH7]
    assert not broken(replace(unspoken(Verdict.SPEECH)))


def test_a_voice_from_before_a_loss_or_a_hold_fills_no_silence() -> None:
    record = unspoken(Verdict.SPEECH)
    assert record.ended_at is not None
    since = record.ended_at - timedelta(seconds=20)
    assert "nothing was said or heard for 20.0 s" in broken(replace(record, losses=(LossNoted(since),)))[JH6]
    hold = HoldNoted(since - timedelta(seconds=1), since)
    assert "nothing was said or heard for 20.0 s" in broken(replace(record, holds=(hold,)))[JH6]


def test_who_keys_in_his_number_slowly_is_not_left_in_silence() -> None:
    call = greeted("jihua-gas")
    call.hangs_up()
    record = recorded(call)
    assert record.ended_at is not None
    last = replace(record.prompts[-1], prompt="call-back-number", part="call_back", clause="JH-19")
    keyed = replace(record, prompts=(*record.prompts, last), ended_at=record.ended_at + timedelta(seconds=50))
    assert JH6 in broken(keyed)
    assert JH6 not in broken(replace(keyed, digits="13812345678"))


def test_silence_after_the_call_went_on_is_judged() -> None:
    call = greeted("jihua-gas")
    call.passes(33.0)
    call.hangs_up()
    record = replace(recorded(call), released_by="customer")
    farewell = replace(record.prompts[0], prompt="farewell", part="closing", clause="JH-11")
    further = replace(farewell, prompt="further", clause="JH-10")
    on = replace(record, prompts=(record.prompts[0], further, farewell, further))
    assert JH6 in broken(on)
    assert JH6 not in broken(replace(on, prompts=on.prompts[:-1])), "the line waits for the customer to hang up"
    assert judged(on)
