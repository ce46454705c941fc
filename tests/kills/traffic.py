"""Traffic of many calls at once, the same for the same seed: stories dealt into one another fact by fact."""

from datetime import timedelta
from random import Random

from drivers.line import FaultCode, LineFault
from gateway.call import facts
from gateway.call.facts import Notice, NumberSource
from gateway.call.plan import Prompt, Question
from tests.service.told import MORNING, Told, called_back, given_up, noisy, not_reached, silent, talker

NAME = Question("name", Prompt("name", "请问贵姓?", "JS-3", ("name.wav",), 2.0), 8.0, "name-answer.wav")


def asks(**who: str) -> Told:
    """Asks to be called back, keys in another number, hangs up."""
    told = Told(**who).rings(2).answered().says("greeting")
    told.tell(facts.CallBackAsked("13812345678", NumberSource.CALLER_ID, confirmed=False), after=1.0)
    return told.tell(facts.CallBackAsked("13912345678", NumberSource.KEYED, confirmed=True), after=5.0).hung_up()


def leaves_a_message(**who: str) -> Told:
    """Has answered a question, and what he said is passed on."""
    told = Told(**who).rings(2).answered().tell(facts.QuestionAnswered(NAME, True, None), after=5.0)
    return told.tell(facts.MessageTaken(), after=1.0).hung_up()


def complains(**who: str) -> Told:
    """Chooses a kind that calls people in."""
    told = Told(**who).rings(2).answered().tell(facts.KindChosen("serious_complaint", "4", "TT-1"), after=1.0)
    return told.tell(facts.AlertRaised("serious_complaint", "TT-1")).says("farewell").hung_up()


def breaks_off(**who: str) -> Told:
    """Puts the telephone down in the middle of the questions."""
    return Told(**who).rings(2).answered().tell(facts.QuestionAnswered(NAME, True, None), after=5.0).hung_up()


OWED = (asks, leaves_a_message, complains, breaks_off)
"""Of each of these customers there is a ticket."""
STORIES = (talker, silent, given_up, noisy, called_back, not_reached, *OWED)


def traffic(seed: int, calls: int = 40) -> list[Notice]:
    """The facts of so many calls on 8 lines, in the order they are told; now and then a line's fault."""
    chance = Random(seed)
    up: list[list[Notice]] = []
    told: list[Notice] = []
    waiting = [_call(chance, seed, number) for number in range(calls)]
    while waiting or up:
        if waiting and (not up or (len(up) < 12 and chance.random() < 0.2)):
            up.append(list(waiting.pop().notices))
        notices = chance.choice(up)
        told.append(notices.pop(0))
        if not notices:
            up.remove(notices)
        if chance.random() < 0.01:
            told.append(Notice(told[-1].at, "fxo1", None, LineFault(FaultCode.PORT_LOST, "gone")))
    return told


def _call(chance: Random, seed: int, number: int) -> Told:
    at = MORNING + timedelta(seconds=chance.uniform(0, 3600))
    return chance.choice(STORIES)(call=f"{seed:06}-{number:03}", line=f"sip{chance.randint(1, 8)}", at=at)  # type: ignore[arg-type]  # `at` is a time
