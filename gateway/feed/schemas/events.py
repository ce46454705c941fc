"""Schemas of the events on `line/<id>/event`. Pure."""

from drivers.line import DialFailure, FaultCode, HangUpSign, Presentation, TroubleCode, Verdict
from gateway.call.facts import CutReason, NumberSource, ReleasedBy
from gateway.feed.encoding import LEVEL_FLOOR
from gateway.feed.schemas.words import (
    MASKED,
    Properties,
    Schema,
    any_of_them,
    closed,
    constant,
    number,
    one_of,
    or_null,
    text,
    time,
    truth,
    whole,
)

CLAUSE = text("The clause of the service standard that orders it, as `JH-6`.")
PROMPT = text("The prompt's name in the dialplan, as `greeting`, `silent-1`.")
WORDS = text("What is said, word for word.")
AGENT = text("The agent's number.")
KEYS = "0123456789*#ABCD"
KIND = text("What sort of request it is, in the dialplan's words, as `complaint` (TT-1).")
_WAITED = or_null(whole("Milliseconds; null: it could not be told."))
_RINGS = whole("Rings so far, from 1.", least=1)
_CALLER = or_null(text(f"Who calls; null: the exchange gave no number. {MASKED}"))
_DIGIT = one_of(KEYS, "The key that was pressed.")
_LEVELS = {"least": LEVEL_FLOOR, "most": -LEVEL_FLOOR}

EVENTS: dict[str, tuple[str, Properties]] = {
    "ring": ("The line rings.", {"rings": _RINGS}),
    "caller_id": (
        "The calling number was told.",
        {
            "caller": _CALLER,
            "presentation": one_of(Presentation, "Whether the exchange gave the number, and if not, why."),
        },
    ),
    "answered": (
        "The line is off-hook (JH-1); of a call-back: the customer came to his telephone.",
        {
            "rings": whole("Rings it had; 0: we called."),
            "waited_ms": _WAITED | {"description": "Milliseconds from the offer to off-hook; null: not known."},
        },
    ),
    "prompt_started": (
        "The prompt's first sample is on the line.",
        {"prompt": PROMPT, "text": WORDS, "clause": CLAUSE},
    ),
    "prompt_finished": (
        "The prompt has ended; exactly one for each `prompt_started`.",
        {
            "prompt": PROMPT,
            "complete": truth("Whether it was heard to its end."),
            "cut": or_null(one_of(CutReason, "Why it was not heard to its end; null: it was.")),
        },
    ),
    "prompt_failed": (
        "The line could not begin this prompt; the customer heard nothing of it.",
        {"prompt": PROMPT, "clause": CLAUSE},
    ),
    "verdict": (
        "What the ears hold the customer's audio to be.",
        {
            "verdict": one_of(Verdict, "The verdict."),
            "level_dbfs": or_null(
                number(f"Level in dBFS; {LEVEL_FLOOR:g}: digital silence; null: not known.", **_LEVELS)
            ),
            "snr_db": or_null(number("Voice over noise in dB; null: there is no voice.", **_LEVELS)),
        },
    ),
    "dtmf": (
        "The customer pressed a key.",
        {
            "digit": or_null(
                one_of(
                    KEYS, "The key. Null where it may belong to a telephone number (WD-11), but with show_numbers."
                )
            )
        },
    ),
    "kind": (
        "The menu has told what sort of request it is (TT-1).",
        {
            "kind": KIND,
            "digit": or_null(_DIGIT | {"description": "The key; null: none was pressed."}),
            "clause": CLAUSE,
        },
    ),
    "alert": (
        "People must be called in at once for this kind of request (TT-1). Comes on `alert`, too.",
        {"kind": KIND, "clause": CLAUSE, "caller": _CALLER, "agent": or_null(AGENT)},
    ),
    "answer": (
        "A question's time is over (JS-3).",
        {
            "question": text("The question's name in the dialplan."),
            "text": WORDS,
            "clause": CLAUSE,
            "spoken": truth("Whether the customer was understood."),
            "digits": or_null(text("Keys he pressed; masked from seven digits on (WD-11); null: none.")),
            "recording": or_null(text("The recording of this answer; null: none.")),
        },
    ),
    "agent_ringing": ("The agent's telephone is rung for this customer.", {"agent": AGENT}),
    "agent_missed": (
        "The agent did not come to the telephone.",
        {"agent": AGENT, "why": text("Why, as `no_answer`, `busy`, `refused`, `unreachable`, or his state.")},
    ),
    "agent_connected": (
        "Customer and agent talk from now on. Where he picked up during the greeting, this comes at its end; they "
        "have heard each other beside it.",
        {"agent": AGENT},
    ),
    "agent_left": (
        "The agent has gone, and the customer is still there (JH-2).",
        {"agent": AGENT, "why": text("Why, as `hung_up`, `failed`, `no_audio`.")},
    ),
    "message": ("The customer has told his case and no agent was to be had: it is passed on (JH-19).", {}),
    "call_back": (
        "The customer is to be called back (JS-2, JH-19).",
        {
            "number": or_null(text(f"Where; null: he gave no number. {MASKED}")),
            "source": or_null(one_of(NumberSource, "Where the number comes from; null: there is none.")),
            "confirmed": truth("Whether he pressed the key that says it was read back right."),
        },
    ),
    "customer_ringing": ("The telephone of a customer whom we call back rings (JS-7).", {}),
    "not_reached": (
        "The customer whom we called back was not reached (JS-9).",
        {"why": one_of(DialFailure, "Why.")},
    ),
    "waiting": (
        "The customer waits for somebody (JH-8); again whenever his place is another one.",
        {
            "position": or_null(
                whole("His place in the queue, from 1; null: he waits for an agent who let him wait.", least=1)
            )
        },
    ),
    "wait_ended": (
        "The wait is over.",
        {
            "waited_ms": _WAITED | {"description": "Milliseconds that he waited; null: not known."},
            "overdue": truth("Nobody had time for him before the wait's limit."),
            "chosen": truth("He would rather be called back, or leave a message."),
        },
    ),
    "held": ("The customer put the call on hold.", {}),
    "resumed": ("The customer is back from hold.", {}),
    "media_lost": ("No audio comes from the customer any more; he is served as if he were silent.", {}),
    "media_restored": ("Audio comes from the customer again.", {}),
    "far_end_hangup": ("The customer has hung up.", {"how": one_of(HangUpSign, "How that was known.")}),
    "handset_lifted": ("Somebody has picked up a telephone parallel to the line; `released` follows.", {}),
    "released": (
        "The call is over; the last event of every call.",
        {
            "by": one_of(ReleasedBy, "Who ended it; `standard`: a clause orders it (JH-6, JH-7, WD-8)."),
            "cause": text("The sign, the clause, the fault or `parallel telephone`."),
        },
    ),
    "line_fault": (
        "The line is out of service.",
        {"code": one_of(FaultCode, "What is wrong, for programs."), "detail": text("The same for people.")},
    ),
    "line_restored": ("The line is in service.", {}),
    "line_trouble": (
        "Something is wrong with the line, which stays in service.",
        {"code": one_of(TroubleCode, "What is wrong, for programs."), "detail": text("The same for people.")},
    ),
    "line_trouble_over": (
        "It is right again.",
        {
            "code": one_of(TroubleCode, "What was wrong, for programs."),
            "detail": text("How that is known, for people."),
        },
    ),
}
"""Of each event: what it tells, and its own fields."""
OF_THE_LINE = frozenset({"line_fault", "line_restored", "line_trouble", "line_trouble_over"})
"""Events of no call."""


def event(name: str) -> Schema:
    """The schema of one event, with what stands in all of them."""
    tells, fields = EVENTS[name]
    call: Schema = text("The call's id.", shortest=1)
    if name in OF_THE_LINE:
        call = {"type": "null", "description": "It is no call's."}
    head = {
        "seq": whole(
            "The event's number on this line, from 1 since the gateway started; a gap is one lost.", least=1
        ),
        "ts": time("When it happened."),
        "line": text("The line's id.", shortest=1),
        "call": call,
        "event": constant(name, "The event's name."),
    }
    return closed(f"Event {name}", tells, head | fields)


def line_event() -> Schema:
    """What comes on `line/<id>/event`."""
    return any_of_them(
        "Event of a line",
        "What has happened on a line; not retained. `event` tells which of these it is.",
        {name: event(name) for name in EVENTS},
    )
