"""One call as a page: what is drawn where, that it stays legible, and that nothing hostile gets through."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from gateway.records import CallRecord, Judgement
from gateway.records.noted import AlertNoted, HoldNoted, VerdictNoted
from gateway.records.store import Event
from gateway.reports.call_page import call_html, call_page
from gateway.reports.call_page.drawing import Drawing
from gateway.reports.call_page.shapes import Bar, Lane, Mark, label_width
from tests.scenarios.story import Story
from tests.service.told import MORNING
from tests.unit.reports.drawn import (
    STORIES,
    Parsed,
    attended,
    corrected,
    given_up,
    hour,
    kept,
    keyed_in,
    noisy,
    ours,
    silent,
    svg_of,
    unsaid,
)

pytestmark = pytest.mark.unit

HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "]]></style><img src=//x onerror=a>",
    "{{ 7*7 }}",
)


def drawn(story: Story) -> Drawing:
    return call_page(*kept(story)).drawing


def lane(drawing: Drawing, key: str) -> Lane:
    return next(lane for lane in drawing.lanes if lane.key == key)


def seconds(drawing: Drawing, x: float, span: float) -> float:
    return (x - drawing.left) / (drawing.right - drawing.left) * span


def test_rings_prompts_and_the_end_stand_on_one_axis_at_their_times() -> None:
    story = silent()
    drawing, (_, at_end) = drawn(story), (0, story.facts[-1][0])
    rings = [mark for mark in lane(drawing, "marks").marks if mark.kind == "ring"]
    assert [mark.label.en for mark in rings] == ["1", "2"]
    assert [round(seconds(drawing, mark.x, at_end), 1) for mark in rings] == [0.0, 5.0]
    prompts = lane(drawing, "prompts").bars
    assert [bar.label.en for bar in prompts][1:] == [f"silent-{n} · JH-6" for n in ("1", "2", "final")]
    began = [round(at, 1) for at, fact in story.facts if type(fact).__name__ == "PromptStarted"]
    assert [round(seconds(drawing, bar.x, at_end), 1) for bar in prompts] == began
    assert prompts[-1].right == pytest.approx(drawing.right, abs=0.1)
    assert [mark.kind for mark in lane(drawing, "marks").marks][-1] == "end"


def test_each_clause_stands_at_the_step_that_decided_it() -> None:
    record, events = kept(silent())
    wrong = tuple(replace(found, kept=found.clause != "JH-1") for found in record.compliance)
    drawing = call_page(replace(record, compliance=wrong), events).drawing
    marks = lane(drawing, "clauses").marks
    assert [mark.label.en for mark in marks] == ["✗ JH-1", "✓ JH-3", "✓ JH-6", "✓ JH-2"]
    answered = next(mark for mark in lane(drawing, "marks").marks if mark.kind == "answered")
    assert marks[0].x == answered.x
    assert "answered after ring 2" in marks[0].tip
    assert {(guide.x, guide.kind) for guide in drawing.guides} >= {(answered.x, "broken"), (marks[1].x, "kept")}


def test_verdicts_are_bands_told_apart_without_colour() -> None:
    drawing = drawn(noisy())
    bands = lane(drawing, "heard").bars
    kinds = ("noisy", "faint", "loud", "speech", "noisy")
    assert [bar.kind for bar in bands] == [f"heard-{verdict}" for verdict in kinds]
    for band, following in pairwise(bands):
        assert band.right == pytest.approx(following.x, abs=0.05)
    assert bands[0].label.en == "noisy"
    assert len(lane(drawing, "lost").bars) == 5
    defined = {
        pattern.get("id") for pattern in svg_of(call_html(*kept(noisy()))).iter() if "pattern" in pattern.tag
    }
    assert {"silent", "noisy", "faint", "loud"} <= defined


def test_waits_agents_and_holds_are_drawn() -> None:
    drawing = drawn(attended())
    wait = lane(drawing, "waits").bars[0]
    assert wait.label.en.startswith("49.0 s")
    assert len(wait.ticks) == 4
    assert wait.detail == "0.0 s · 20.0 s · 35.0 s · 50.0 s"
    assert [bar.kind for bar in lane(drawing, "agents").bars] == ["missed", "rung", "talk"]
    assert lane(drawing, "agents").bars[0].label.en == "801 rung → no answer"
    assert lane(drawing, "agents").bars[2].label.en == "802 talks → hung up"
    assert len(lane(drawing, "holds").bars) == 1
    cut = next(bar for bar in lane(drawing, "prompts").bars if bar.cut)
    assert "✂" in cut.label.en


def test_what_became_of_his_request_is_drawn() -> None:
    record, events = kept(keyed_in())
    record = replace(
        record,
        kind="serious_complaint",
        kind_digit="4",
        kind_at=MORNING,
        alerts=(AlertNoted(MORNING, "x", "TT-1"),),
    )
    marks = lane(call_page(record, events).drawing, "case").marks
    assert [mark.label.en for mark in marks] == [
        "serious_complaint (4)",
        "alert TT-1",
        "call-back asked 139****0987",
    ]


def test_a_prompt_that_could_not_be_said_is_marked() -> None:
    record, events = kept(silent())
    failed = Event(MORNING + timedelta(seconds=20), "prompt_failed", {"prompt": {"key": "silent-1"}})
    (mark,) = lane(call_page(record, [*events, failed]).drawing, "prompts").marks
    assert mark.label.en == "not said silent-1"


def test_prompts_said_and_not_said_close_together_stand_below_each_other() -> None:
    prompts = lane(drawn(unsaid()), "prompts")
    assert [mark.label.en[:9] for mark in prompts.marks] == ["not said "] * 2
    rows = [thing.row for thing in (*prompts.marks, prompts.bars[-1])]
    assert len(set(rows)) == 3


def test_a_call_back_begins_with_dialling() -> None:
    page = call_page(*kept(ours()))
    assert [bar.label.en for bar in lane(page.drawing, "line").bars] == ["dialling", "off-hook"]
    assert page.head[0].name.en == "customer called"
    assert page.head[0].value.en == "138****5678"


@pytest.mark.parametrize("story", STORIES)
def test_no_two_things_cover_each_other_and_nothing_leaves_the_sheet(story: Callable[[], Story]) -> None:
    record, events = kept(story())
    page = call_page(record, events)
    for one in page.drawing.lanes:
        covered = sorted((thing.row, *extent(thing)) for thing in (*one.bars, *one.marks) if thing.label.en)
        for (row, _, end), (next_row, start, _) in pairwise(covered):
            assert next_row > row or start >= end - 0.1, (one.key, covered)
        assert all(0 <= thing.row < one.rows for thing in (*one.bars, *one.marks)), one.key
        assert all(0 < bar.x < bar.right <= page.drawing.right + 0.1 for bar in one.bars), one.key
    bottoms = [0.0, *(one.top + one.height for one in page.drawing.lanes)]
    assert all(one.top >= bottom for one, bottom in zip(page.drawing.lanes, bottoms, strict=False))
    assert page.drawing.height < 850, "one sheet"
    assert 5 <= len(page.drawing.ticks) <= 18
    svg_of(call_html(record, events))


def extent(thing: Bar | Mark) -> tuple[float, float]:
    """From where to where a thing and its label reach."""
    wide = label_width(thing.label)
    starts = {"start": thing.text_x, "middle": thing.text_x - wide / 2, "end": thing.text_x - wide}
    left, right = starts[thing.anchor], starts[thing.anchor] + wide
    return (min(left, thing.x), max(right, thing.right if isinstance(thing, Bar) else thing.x))


def test_an_hour_with_200_prompts_stays_on_one_sheet() -> None:
    drawing = drawn(hour())
    prompts = lane(drawing, "prompts")
    assert len(prompts.bars) > 180
    assert prompts.rows == 5
    assert 20 < sum(bool(bar.label.en) for bar in prompts.bars) < 60
    assert {bar.row for bar in prompts.bars if not bar.label.en} == {4}, "apart from those with labels"


def test_two_seconds_of_ringing_are_drawn() -> None:
    page = call_page(*kept(given_up()))
    assert [tick.since for tick in page.drawing.ticks][:2] == ["0.0 s", "0.1 s"]
    assert "no clause applied" in call_html(*kept(given_up()))
    assert "offhook" not in [bar.kind for bar in lane(page.drawing, "line").bars]
    assert "CANCEL while ringing" in str([mark.label.en for mark in lane(page.drawing, "marks").marks])


def test_an_open_call_has_no_end() -> None:
    story = corrected()
    story.facts = [(at, fact) for at, fact in story.facts if type(fact).__name__ != "Released"]
    page = call_page(*kept(story))
    assert page.open
    assert lane(page.drawing, "line").bars[-1].open
    assert "still open" in call_html(*kept(story))


def test_a_call_of_an_earlier_version_is_drawn_from_its_record_alone() -> None:
    record, _ = kept(attended())
    prompts = tuple(replace(said, part=None, ended_at=None, cut=None) for said in record.prompts)
    page = call_page(replace(record, agents=(), waits=(), prompts=prompts), [])
    assert page.steps == ()
    said = sorted(lane(page.drawing, "prompts").bars, key=lambda one: one.x)
    assert all(bar.open for bar in said)
    assert [bar.right for bar in said[:-1]] == pytest.approx([bar.x for bar in said[1:]], abs=2.1)
    marks = lane(page.drawing, "marks").marks
    assert marks[0].label.en == "ringing ×2"
    assert "no times in the journal" in marks[0].tip
    assert len(lane(page.drawing, "clauses").marks) == len(record.compliance)
    assert "The journal holds no facts" in call_html(record, [])


def test_nothing_but_an_offer_is_drawn() -> None:
    record = CallRecord("c1", "jinan", "fxo1", "fxo", "jihua-gas", "801", MORNING)
    svg_of(call_html(record, []))


def test_a_clock_set_back_an_hour_draws_no_time_before_the_beginning() -> None:
    record, events = kept(silent())
    back = [replace(e, at=e.at - timedelta(hours=1)) if i > 9 else e for i, e in enumerate(events)]
    before = HoldNoted(MORNING - timedelta(hours=2), MORNING)
    ended = replace(
        record, holds=(before,), ended_at=back[-1].at, verdicts=(VerdictNoted(back[-3].at, "odd", None, None),)
    )
    drawing = call_page(ended, back).drawing
    for one in drawing.lanes:
        assert all(drawing.left <= thing.x <= drawing.right for thing in (*one.bars, *one.marks)), one.key


def hostile(text: str) -> tuple[CallRecord, list[Event]]:
    """A call in which every text that comes from outside is this one."""
    record, events = kept(attended())
    record = replace(
        record,
        call=text,
        caller=text,
        caller_name=text,
        agent=text,
        dialplan=text,
        line=text,
        cause=text,
        released_by=text,
        kind=text,
        kind_at=record.answered_at,
        recording=text,
        prompts=tuple(replace(said, prompt=text, text=text, clause=text) for said in record.prompts),
        verdicts=(VerdictNoted(MORNING, text, None, None),),
        agents=tuple(replace(agent, agent=text, left=text) for agent in record.agents),
        compliance=tuple(Judgement(text, found.kept, text, text) for found in record.compliance),
    )
    caller_id = {"number": text, "name": text, "presentation": text}
    told = [
        replace(event, data={"caller_id": caller_id}) if event.fact == "caller_identified" else event
        for event in events
    ]
    return record, told


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("show", [True, False])
def test_a_hostile_text_is_a_text(text: str, show: bool) -> None:
    record, events = hostile(text)
    html = call_html(record, events, show_numbers=show)
    page = Parsed(html)
    names = {name for name, _ in page.elements}
    assert not names & {"script", "img", "iframe", "object", "link", "base", "form", "a"}
    assert len(page.named("style")) == 1
    attributes = [(name, value or "") for _, found in page.elements for name, value in found.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("src", "href")]
    assert {value for name, value in attributes if name == "class"} & {"kept", "broken"}, "nothing else breaks"
    assert text in page.text
    svg_of(html)


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    html = call_html(*kept(attended()))
    policy = next(
        meta for meta in Parsed(html).named("meta") if meta.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert "@import" not in html
    assert not [word for word in ("url(http", "url(//", "javascript:") if word in html]


def test_both_languages_are_there_and_chinese_comes_first() -> None:
    html = call_html(*kept(silent()))
    page = Parsed(html)
    assert page.named("html") == [{"lang": "zh-CN"}]
    assert [button.get("id") for button in page.named("input") if "checked" in button] == ["in-zh"]
    labels = [found.get("lang") for found in page.named("span") + page.named("tspan") if found.get("class") == "t"]
    assert labels.count("zh-CN") == labels.count("en") > 20


def test_the_head_tells_what_was_broken() -> None:
    record, events = kept(silent())
    assert call_page(record, events).broken == ()
    wrong = tuple(replace(found, kept=False) for found in record.compliance if found.clause == "JH-6")
    page = call_page(replace(record, compliance=wrong), events)
    assert page.broken == ("JH-6",)


@pytest.mark.parametrize("story", STORIES)
def test_every_step_is_told_in_chinese_too(story: Callable[[], Story]) -> None:
    page = call_page(*kept(story()))
    assert page.steps
    for step in page.steps:
        assert step.words.zh != step.words.en
        assert any("\u4e00" <= character <= "\u9fff" for character in step.words.zh), step.words.zh


def test_clauses_that_gave_no_occasion_are_listed_with_the_reason() -> None:
    record, events = kept(silent())
    page = call_page(record, events)
    assert page.kept == ("JH-1", "JH-3", "JH-6", "JH-2")
    rest = {clause: reason for reason, clauses in page.not_applicable for clause in clauses}
    assert rest["JH-8"] == "nobody waited"
    text = Parsed(call_html(record, events)).text
    assert "nobody waited" in text
    assert f"not applicable {len(rest)}" in " ".join(text.replace("不适用", "").split())


def test_keys_close_together_are_one_run() -> None:
    keys = lane(drawn(keyed_in()), "keys").bars
    assert [(bar.label.en, len(bar.ticks)) for bar in keys] == [
        ("•", 1),
        ("••••12*139••••0987#"[1:], 18),
        ("1", 1),
    ]
