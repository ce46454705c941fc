"""The lanes of how the customer was served: prompts, waits, agents, holds, keys, his request. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from gateway.call.prompt import Part
from gateway.records.noted import AgentNoted, PromptNoted, WaitNoted
from gateway.reports.call_page import words
from gateway.reports.call_page.axis import Axis
from gateway.reports.call_page.shapes import NO_WORDS, Bar, Lane, bar, in_place, pack_bars, pack_both, pack_marks
from gateway.reports.call_page.subject import MOST_ROWS, ROW, TALL, THIN, Call, inner, mark, span, when
from gateway.reports.pages import Words

KEY_ROOM = 16.0
"""Units between two keys from which on each has its label."""
MOST_PLACES = 4
"""In the queue, of those that a customer had one after the other: the last ones."""


def prompts(call: Call) -> Lane:
    """What was said, key, clause and words; what the line could not begin to say."""
    said = [prompt for prompt in call.record.prompts if not prompt.failed]
    ends = [*(later.started_at for later in said[1:]), call.record.ended_at]
    bars = [_prompt(call, prompt, latest) for prompt, latest in zip(said, ends, strict=False)]
    unsaid = []
    for event in call.told("prompt_failed"):
        key = str(inner(event.data, "prompt").get("key", ""))
        unsaid.append(mark(call, event.at, "end", words.named(words.NOT_SAID, key)))
    packed, marks, rows = pack_both(call.axis, bars, unsaid, MOST_ROWS)
    return Lane("prompts", words.LANES["prompts"], TALL, rows, packed, marks)


def _prompt(call: Call, said: PromptNoted, latest: datetime | None) -> Bar:
    """`latest` is when it had ended where its end was never seen: prompts never overlap."""
    cut = said.cut is not None
    why = f" — {words.word(words.CUTS, said.cut).both}" if cut else ""
    tip = span(f"{said.prompt} · {said.clause} 「{said.text}」{why}", call.axis, said.started_at, said.ended_at)
    named = f"{said.prompt} · {said.clause}" + (" ✂" if cut else "")
    kind = "prompt-cut" if cut else "prompt"
    drawn = bar(call.axis, said.started_at, said.ended_at or latest, kind, tip, Words(named, named))
    return replace(drawn, detail=said.text, cut=cut, open=said.ended_at is None)


def waits(call: Call) -> Lane:
    """The customer's waits; they never overlap."""
    bars = [_wait(call, wait) for wait in call.record.waits]
    return Lane("waits", words.LANES["waits"], TALL, 1, in_place(bars))


def _wait(call: Call, wait: WaitNoted) -> Bar:
    """With a tick for each reassurance, whose seconds since its beginning stand inside if they fit."""
    record = call.record
    end = wait.ended_at or record.ended_at
    said = [
        prompt.started_at
        for prompt in record.prompts
        if not prompt.failed
        and prompt.part in (None, Part.WAITING)
        and wait.began_at <= prompt.started_at <= (end or call.axis.end)
    ]
    times = " · ".join(f"{(at - wait.began_at).total_seconds():.1f} s" for at in said)
    waited = "" if wait.waited is None else f"{wait.waited:.1f} s"
    places = " → ".join(f"#{place}" for place in wait.positions[-MOST_PLACES:])
    how = words.OVERDUE if wait.overdue else words.CHOSEN if wait.chosen else NO_WORDS
    label = Words(*(" · ".join(filter(None, (waited, told, places))) for told in (how.zh, how.en)))
    tip = span(f"{words.LANES['waits'].both} {label.both}, ▲ {times or '–'}", call.axis, wait.began_at, end)
    drawn = bar(call.axis, wait.began_at, end, "wait-vain" if wait.overdue else "wait", tip, label)
    return replace(drawn, detail=times, ticks=tuple(call.axis.x(at) for at in said))


def agents(call: Call) -> Lane:
    """Who was rung, who missed it, who talked and how he left."""
    bars = sorted((one for agent in call.record.agents for one in _agent(call, agent)), key=lambda one: one.x)
    packed, rows = pack_bars(call.axis, bars, MOST_ROWS)
    return Lane("agents", words.LANES["agents"], ROW, rows, packed)


def _agent(call: Call, agent: AgentNoted) -> Iterator[Bar]:
    end = call.record.ended_at
    if agent.rung_at is not None:
        until = agent.connected_at or agent.missed_at or end
        told = _of_agent(agent.agent, words.RUNG, agent.missed)
        tip = span(told.both, call.axis, agent.rung_at, until)
        yield bar(call.axis, agent.rung_at, until, "missed" if agent.missed else "rung", tip, told)
    if agent.connected_at is not None:
        until = agent.left_at or end
        told = _of_agent(agent.agent, words.TALKED, agent.left)
        yield bar(
            call.axis,
            agent.connected_at,
            until,
            "talk",
            span(told.both, call.axis, agent.connected_at, until),
            told,
        )


def _of_agent(agent: str, did: Words, why: str | None) -> Words:
    """What he did, and why he did no more."""
    ended = words.word(words.WHYS, why) if why else None
    told = Words(f"{agent} {did.zh}", f"{agent} {did.en}")
    return told if ended is None else Words(f"{told.zh} → {ended.zh}", f"{told.en} → {ended.en}")


def holds(call: Call) -> Lane:
    """When the customer had us on hold."""
    bars = [
        bar(call.axis, hold.held_at, hold.resumed_at or call.record.ended_at, "hold", tip, words.LANES["holds"])
        for hold in call.record.holds
        for tip in [
            span(words.LANES["holds"].both, call.axis, hold.held_at, hold.resumed_at or call.record.ended_at)
        ]
    ]
    return Lane("holds", words.LANES["holds"], THIN, 1, in_place(bars))


def keys(call: Call) -> Lane:
    """Keys that stand close together in one bar, a tick for each."""
    digits = call.record.digits
    pressed = [(event.at, str(event.data.get("digit", ""))) for event in call.told("digit_dialled")]
    if digits and not pressed:
        tip = f"{digits} ({words.NOT_TIMED.both})"
        untimed = bar(
            call.axis, call.record.offered_at, call.record.offered_at, "keys", tip, Words(digits, digits)
        )
        pressed, bars = [], [untimed]
    else:
        bars = [_run(call.axis, run) for run in _runs(call.axis, pressed)]
    packed, rows = pack_bars(call.axis, bars, 2)
    return Lane("keys", words.LANES["keys"], ROW, rows, packed)


def _runs(axis: Axis, pressed: list[tuple[datetime, str]]) -> Iterator[list[tuple[datetime, str]]]:
    run: list[tuple[datetime, str]] = []
    for at, key in pressed:
        if run and axis.x(at) - axis.x(run[-1][0]) > KEY_ROOM:
            yield run
            run = []
        run.append((at, key))
    if run:
        yield run


def _run(axis: Axis, run: list[tuple[datetime, str]]) -> Bar:
    (began, _), (ended, _) = run[0], run[-1]
    keys = "".join(key for _, key in run)
    told = span(keys, axis, began, ended) if len(run) > 1 else when(keys, axis, began)
    return replace(
        bar(axis, began, ended, "keys", told, Words(keys, keys)), ticks=tuple(axis.x(at) for at, _ in run)
    )


def case(call: Call) -> Lane:
    """What became of the customer's request."""
    record = call.record
    found: list[tuple[datetime, str, Words]] = []
    if record.kind is not None and record.kind_at is not None:
        key = "" if record.kind_digit is None else f" ({record.kind_digit})"
        found.append((record.kind_at, "case", Words(f"{record.kind}{key}", f"{record.kind}{key}")))
    found += [(alert.at, "alert", words.named(words.ALERT, alert.clause)) for alert in record.alerts]
    for answer in record.answers:
        given = f"{answer.question} {answer.digits or ('✓' if answer.spoken else '–')}"
        found.append((answer.at, "case", words.named(words.ANSWER_GIVEN, given)))
    found += [(asked.at, "case", words.named(words.CALL_BACK, asked.number or "–")) for asked in record.call_backs]
    if record.message_at is not None:
        found.append((record.message_at, "case", words.MESSAGE))
    marks = [mark(call, at, kind, told) for at, kind, told in sorted(found, key=lambda one: one[0])]
    packed, rows = pack_marks(call.axis, marks, MOST_ROWS)
    return Lane("case", words.LANES["case"], THIN, rows, marks=packed)
