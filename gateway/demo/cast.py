"""Who calls in the demo, who is at the desk, and how each of these calls must end by the standard."""

from dataclasses import dataclass

REQUEST = "你好,我家燃气表坏了,请来看看。"
"""What the customers say who have something to say."""
REPLY = "好的,师傅今天下午上门给您看燃气表。"
"""What an agent says to it before he hangs up."""

PHRASE = "number_only"
"""What one of the talking customers has the agent tell him (JH-18)."""
PHRASE_SAID = "phrase-number-only"
"""The prompt that he hears then."""


@dataclass(frozen=True, slots=True)
class Part:
    """One customer: what kind, on which line, with which number, and the end the standard gives the call."""

    kind: str
    line: str
    number: str
    ends: str
    """`outcome/released_by/cause` of the record; `*` for any hang-up sign."""
    hears: tuple[str, ...] = ()
    """Prompts of which he hears every one to its end, in this order; others may come between."""
    talks: bool = False
    """Whether an agent talks with him, and hangs up first."""


TALKING = "answered/customer/*"
SILENT = "answered/standard/JH-6"
NOISY = "answered/standard/JH-7"
RINGING_OFF = "abandoned/customer/*"
LEFT = ("greeting", "further", "farewell")
"""What a customer hears whose agent hangs up first, and who has no more to say (JH-10)."""

PUT_THROUGH = (
    Part("put through", "fxo5", "13812340005", TALKING, LEFT, talks=True),
    Part("put through", "sip2", "053188880005", TALKING, LEFT, talks=True),
)
"""They call first: as soon as they talk with the desk's agents, nobody is left there for the others."""

SERVED_BY_THE_LINE = (
    Part("talking", "fxo1", "13812340001", TALKING),
    Part("silent", "fxo2", "13812340002", SILENT),
    Part("noisy", "fxo3", "13812340003", NOISY),
    Part("ringing off", "fxo4", "13812340004", RINGING_OFF),
    Part("talking", "sip1", "053188880001", TALKING, (PHRASE_SAID,)),
    Part("silent", "sip1", "053188880002", SILENT),
    Part("noisy", "sip1", "053188880003", NOISY),
    Part("ringing off", "sip1", "053188880004", RINGING_OFF),
)

CAST = PUT_THROUGH + SERVED_BY_THE_LINE

GREETERS = tuple(str(801 + number) for number in range(len(SERVED_BY_THE_LINE)))
"""Agents without a telephone, one for each customer whom the line serves: with fewer it would be an overflow, and
the last be greeted without a number (JH-5)."""
AT_THE_DESK = tuple(str(801 + len(GREETERS) + number) for number in range(len(PUT_THROUGH)))
"""Agents with a telephone, one for each customer who is put through."""

PERSONALITIES = {
    "fxo1": "conexant",
    "fxo2": "usr5637",
    "fxo3": "conexant",
    "fxo4": "usr5637",
    "fxo5": "conexant",
}
"""Which modem each FXO line has."""
SIP_LINES = ("sip1", "sip2")
"""One takes four calls."""
