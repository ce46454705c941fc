"""Calls told as facts, as the engine would tell them: for the tests of those who only listen."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from drivers.line import CallerId, HangUpSign, Verdict
from gateway.call import facts
from gateway.call.facts import CallFact, CutReason, Notice, ReleasedBy
from gateway.call.plan import Part, Prompt
from gateway.call.states import CallState
from gateway.records.folding import fold
from gateway.records.record import CallRecord

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 2, 18, 9, 30, tzinfo=ZONE)

TEXTS = {
    "greeting": ("JH-3", "您好!济华热线801号为您服务,请问有什么可以帮您吗?"),
    "silent-1": ("JH-6", "您的电话已接通。"),
    "silent-2": ("JH-6", "您的电话已接通,请讲话。"),
    "silent-final": ("JH-6", "很抱歉,听不到您的声音,请挂机后重拨,再见!"),
    "noisy-1": ("JH-7", "您好,请讲"),
    "noisy-2": ("JH-7", "您好,请讲"),
    "noisy-final": ("JH-7", "很抱歉,听不清您讲话,请您挂机后重拨,再见"),
    "further": ("JH-10", "请问还有其他需要咨询的吗?"),
    "farewell": ("JH-11", "感谢您的来电,再见!"),
}

_PARTS = {"greeting": Part.GREETING, "further": Part.CLOSING, "farewell": Part.CLOSING}


def prompt(key: str) -> Prompt:
    """A prompt of the Jihua standard, two seconds long."""
    clause, text = TEXTS[key]
    return Prompt(key, text, clause, (f"{key}.wav",), 2.0, part=_PARTS.get(key.split("-")[0], Part.LADDER))


@dataclass
class Told:
    """Tells one call; its notices gather in `notices`. Every step returns the story, to be chained."""

    call: str = "c0ffee01"
    line: str = "sip1"
    site: str = "jinan"
    at: datetime = MORNING
    notices: list[Notice] = field(default_factory=list)

    def tell(self, *told: CallFact, after: float = 0.0) -> "Told":
        self.at += timedelta(seconds=after)
        self.notices += [Notice(self.at, self.line, self.call, fact) for fact in told]
        return self

    def rings(self, count: int, number: str | None = "13812345678") -> "Told":
        offered = facts.Offered(self.site, self.line, "sip", "jihua-gas", "801")
        self.tell(offered, facts.StateEntered(CallState.RINGING), facts.Rang(1))
        self.tell(facts.CallerIdentified(CallerId(number)))
        for ring in range(2, count + 1):
            self.tell(facts.Rang(ring), after=5.0)
        return self

    def answered(self, rings: int = 2) -> "Told":
        waited = 5.0 * (rings - 1) + 0.2
        return self.tell(facts.CallAnswered(rings, waited), facts.StateEntered(CallState.GREETING), after=0.2)

    def says(self, *keys: str, cut: CutReason | None = None) -> "Told":
        for key in keys:
            self.tell(facts.PromptStarted(prompt(key)), after=1.0)
            self.tell(facts.PromptFinished(prompt(key), cut), after=2.0)
        return self

    def hears(self, verdict: Verdict, level: float = -22.0) -> "Told":
        snr = 25.0 if verdict is Verdict.SPEECH else None
        return self.tell(facts.VerdictGiven(verdict, level, snr), after=0.5)

    def released(self, by: ReleasedBy, cause: str, after: float = 1.0) -> "Told":
        return self.tell(facts.StateEntered(CallState.RELEASED), facts.Released(by, cause), after=after)

    def hung_up(self, sign: HangUpSign = HangUpSign.BYE) -> "Told":
        return self.tell(facts.CustomerHungUp(sign), after=1.0).released(ReleasedBy.CUSTOMER, sign.value, 0.0)


def talker(**who: str) -> Told:
    """Greeted, says what he wants, is thanked, hangs up."""
    told = Told(**who).rings(2).answered().says("greeting").hears(Verdict.SPEECH)
    return told.hears(Verdict.SILENT, -70.0).says("further", "farewell").hung_up()


def silent(**who: str) -> Told:
    """Says nothing: the whole ladder, then the release its clause orders."""
    told = Told(**who).rings(2).answered().says("greeting").hears(Verdict.SILENT, float("-inf"))
    return told.says("silent-1", "silent-2", "silent-final").released(ReleasedBy.STANDARD, "JH-6", 0.0)


def noisy(release_wait: float = 3.0, **who: str) -> Told:
    """Cannot be understood: the noisy ladder, its wait, its release."""
    told = Told(**who).rings(2).answered().says("greeting").hears(Verdict.NOISY, -30.0)
    return told.says("noisy-1", "noisy-2", "noisy-final").released(ReleasedBy.STANDARD, "JH-7", release_wait)


def given_up(**who: str) -> Told:
    """Hangs up while it rings."""
    return Told(**who).rings(1).hung_up(HangUpSign.CANCEL)


def dialled(ticket: int = 12, number: str = "13812345678", **who: str) -> Told:
    """A customer is called back: his telephone is to ring."""
    told = Told(**who)
    told.tell(facts.Offered(told.site, told.line, "sip", "jihua-gas", "801"), facts.Dialled(ticket, number))
    return told.tell(facts.StateEntered(CallState.DIALLING), facts.CustomerRings(), after=1.0)


def called_back(**who: str) -> Told:
    """Called back by agent 801, who talks to him."""
    told = dialled(**who).tell(facts.CallAnswered(0, 4.0), facts.StateEntered(CallState.TALKING), after=3.0)
    return told.tell(facts.AgentConnected("801")).hung_up()


def not_reached(**who: str) -> Told:
    """Called back, and he does not come to the telephone."""
    told = dialled(**who).tell(facts.DialUnanswered("no_answer"), after=30.0)
    return told.released(ReleasedBy.UNREACHED, "no_answer", 0.0)


def record_of(told: Told) -> CallRecord:
    """The call as the records hold it, but for its judgement."""
    record = None
    for notice in told.notices:
        record = fold(record, notice)
    assert record is not None
    return record
