"""Calls to draw: whole ones by the shipped standards, judged, their facts as the journal holds them."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

from drivers.line import Answered, FarEndRinging, HangUpSign, Verdict
from gateway.call.facts import PromptFailed, PromptStarted
from gateway.records import CallRecord, Rules
from gateway.records.compliance import judged
from gateway.records.journal import fact_data, fact_name
from gateway.records.store import Event
from tests.scenarios.attended import its_prompt_said, waiting
from tests.scenarios.hotlines import called_back, gas, tax, water
from tests.scenarios.story import LEG, Story
from tests.service.told import MORNING
from tests.unit.records.standards import recorded

KeptCall = tuple[CallRecord, list[Event]]


def kept(call: Story) -> KeptCall:
    """The call's record, judged if it has ended, and its facts."""
    record = recorded(call)
    events = [Event(MORNING + timedelta(seconds=at), fact_name(fact), fact_data(fact)) for at, fact in call.facts]
    return (record if record.open else judged(record, Rules.of(call.plan))), events


def silent() -> Story:
    call = gas().greeted()
    call.customer_is(Verdict.SILENT)
    call.passes(60.0)
    return call


def noisy() -> Story:
    call = gas().greeted()
    for verdict in (Verdict.NOISY, Verdict.FAINT, Verdict.LOUD, Verdict.SPEECH, Verdict.NOISY):
        call.customer_is(verdict)
        call.passes(4.0)
        call.is_lost(1.5)
    call.passes(40.0)
    return call


def attended() -> Story:
    """One agent misses him, the next one comes after a wait, with a hold in it; he leaves, the customer stays."""
    call = gas().greeted()
    call.is_offered_to("801")
    call.customer_speaks(3.0)
    call.passes(12.0)
    call.agent_misses("801")
    call.is_offered_to("802")
    call.holds(5.0)
    call.passes(40.0)
    call.agent_answers("802")
    call.customer_speaks(25.0)
    call.agent_hangs_up("802")
    call.passes(2.0)
    call.hangs_up()
    return call


def keyed_in() -> Story:
    """He waits, and keys in where he would be called back; the first time he errs."""
    call = waiting(number=None)
    call.passes(20.0)
    call.presses("1")
    its_prompt_said(call).passes(1.0)
    call.presses("13912*13912340987#")
    its_prompt_said(call).passes(2.0)
    call.presses("1")
    call.passes(20.0)
    call.hangs_up()
    return call


def intake() -> Story:
    """Questions, one answered by the keys of a long number."""
    call = tax().greeted()
    call.customer_speaks(3.0)
    call.gets_the_word()
    for _ in range(3):
        call.presses("370102198712345#")
        call.passes(12.0)
    call.hangs_up()
    return call


def ours() -> Story:
    """He is called back, reached, and talks."""
    call = called_back()
    call.passes(4.0)
    call.reports(FarEndRinging(LEG))
    call.passes(12.0)
    call.reports(Answered(LEG))
    call.customer_speaks(20.0)
    call.hangs_up()
    return call


def given_up() -> Story:
    call = gas()
    call.rings(1)
    call.caller_id()
    call.passes(1.2)
    call.hangs_up(HangUpSign.CANCEL)
    return call


def corrected() -> Story:
    call = water().greeted()
    call.customer_is(Verdict.FAINT)
    call.passes(8.0)
    call.customer_is(Verdict.LOUD)
    call.passes(9.0)
    return call


def unsaid() -> Story:
    """The line cannot begin two prompts close to one that it says, shortly before the end."""
    call = waiting()
    call.passes(30.0)
    call.hangs_up()
    said = [(at, fact.prompt) for at, fact in call.facts if isinstance(fact, PromptStarted)]
    at, prompt = said[-1]
    call.facts += [(at - 0.1, PromptFailed(prompt)), (at - 0.05, PromptFailed(prompt))]
    call.facts.sort(key=lambda told: told[0])
    return call


def hour() -> Story:
    """An agent who lets him wait sixty times: more than 200 prompts."""
    call = gas().greeted()
    call.is_offered_to("801")
    call.agent_answers("801")
    for _ in range(60):
        call.customer_speaks(20.0)
        call.agent_holds()
        call.passes(35.0)
        call.agent_is_back()
    call.hangs_up()
    return call


STORIES: tuple[Callable[[], Story], ...] = (
    silent,
    noisy,
    attended,
    keyed_in,
    intake,
    ours,
    given_up,
    corrected,
    unsaid,
    hour,
)


class Parsed(HTMLParser):
    """A page's elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def svg_of(html: str) -> ET.Element:
    """The drawing, read as XML is."""
    drawing = re.search(r'<svg class="call".*?</svg>', html, re.DOTALL)
    assert drawing is not None
    return ET.fromstring(drawing[0])
