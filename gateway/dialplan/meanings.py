"""What each key of dialplan.toml does, in a supervisor's words.

The one place where that is told: schema.json and the table of docs/dialplans.md are made from it. What a key
allows, and what it is when left out, the models tell.
"""

from gateway.config.table import Table
from gateway.dialplan.desk_tables import CallBackTable, WarningTable
from gateway.dialplan.models import Dialplan
from gateway.dialplan.tables import (
    AnswerTable,
    ChoiceTable,
    CorrectionTable,
    FarewellTable,
    FlowTable,
    FurtherTable,
    HangUpTable,
    HolidayTable,
    LadderTable,
    LanguageTable,
    MenuTable,
    MessageTable,
    PhraseTable,
    QuestionTable,
    SpokenTable,
    WaitingTable,
)

_CLAUSE = "the clause of the standard that this keeps"
_BARGE_IN = "whether the customer's voice stops the prompt at once"

MEANINGS: dict[type[Table], dict[str, str]] = {
    Dialplan: {
        "base": "the dialplan that this one starts from: what this file leaves unsaid is as there",
        "without": "what the base has and this dialplan does without",
        "title": "what the hotline is called",
        "voice": "who speaks what nobody has recorded",
        "speaking_rate": "how fast a text is spoken, pauses included",
        "parameters": "texts that take the place of {name} in what is said; a site sets its own in gateway.toml",
        "answer": "when a ringing line is answered",
        "greeting": "said first, to the end",
        "trainee_greeting": "said in the greeting's place when the agent is a trainee",
        "overflow_greeting": "said in the greeting's place, also on holidays, when more customers call than "
        "agents are there",
        "holiday_greeting": "goes before the greeting on a holiday that has no words of its own, and on a day "
        "that is two holidays with different words",
        "holidays": "the holidays of every year, a table for each",
        "calendar": "single dates that are something else than the rule says",
        "notice": "said after the greeting in every call, to the end: that the call is recorded; left out: "
        "nothing is said of it",
        "warning": "what is said after the greeting to a number on the list of nuisance callers; left out: he is "
        "greeted like anybody",
        "silent_line": "nothing is heard from the customer: what is said step by step, and then the release",
        "noisy_line": "there is noise, or a voice too faint to be understood: what is said step by step, and then "
        "the release",
        "faint_line": "a voice too faint is asked to speak up; left out: faint voices are treated as noise",
        "loud_line": "a voice too loud is asked to speak lower; left out: nobody is asked",
        "menu": "the customer tells by key what sort of request he has",
        "message": "when what the customer says counts as said",
        "flow": "how a case is taken where no menu tells otherwise; left out: the customer tells it, no more",
        "flows": "ways to take a case, a table for each",
        "questions": "what customers are asked, a table for each question; its answer is recorded separately",
        "texts": "what is said in flows, a table for each",
        "waiting": "how a waiting customer is reassured; left out: nobody can be kept waiting",
        "call_back": "a waiting customer may leave his number and is called back; left out: he waits, or leaves a "
        "message",
        "phrases": "what the agent can have said to the customer, a table for each",
        "further": "the question whether there is anything else, before the farewell",
        "farewell": "said last, to the end",
        "hang_up": "who hangs up first",
        "language": "which rules of language every text must keep",
    },
    AnswerTable: {
        "clause": _CLAUSE,
        "on_ring": "answer after this ring, before the next one begins",
        "ring_limit": "the last ring that the standard permits",
        "caller_id_wait": "how long after the first ring the caller's number is waited for before the answer",
        "ring_gap_limit": "no ring for so long: the caller has given up, and nothing is answered any more",
    },
    SpokenTable: {"clause": _CLAUSE, "text": "what is said"},
    HolidayTable: {
        "date": "its first day, month and day, the same in every year",
        "lunar": "its first day in the lunar year (农历), month and day; stands in place of date",
        "days": "how many days it lasts",
        "greeting": "goes before the greeting on this holiday; left out: the words of [holiday_greeting]",
    },
    LadderTable: {
        "clause": _CLAUSE + "; it orders the release too",
        "wait": "how long the silence or noise may last before the first step, and after each",
        "steps": "said one after the other, until the customer is understood",
        "final": "said last, when all steps were in vain",
        "release_wait": "how long after the last words the line is released",
        "barge_in": _BARGE_IN,
    },
    CorrectionTable: {
        "clause": _CLAUSE,
        "wait": "how long the voice may be too faint or too loud before the customer is asked",
        "steps": "said one after the other, each once in a call; after them the customer is taken as he is",
    },
    MessageTable: {
        "pause": "the customer has said nothing for so long: he has said all",
        "limit": "the longest message",
    },
    FlowTable: {
        "open": "said first, to ask for the case; left out: the greeting has asked",
        "ask": "the questions asked once the case was told, in this order",
        "say": "the texts said after that, in this order",
        "further": "whether the customer is asked for anything else before the farewell",
        "pause": "nothing said for so long: the customer has told his case; left out: the pause of [message]",
        "limit": "the longest message in this flow; left out: the limit of [message]",
    },
    QuestionTable: {
        "clause": _CLAUSE,
        "text": "what is asked",
        "wait": "how long the customer may take to begin; then the next question follows",
        "barge_in": _BARGE_IN,
    },
    ChoiceTable: {
        "kind": "what sort of request it is, in records and feed",
        "flow": "how such a case is taken",
        "alert": "whether people must be called in at once: the feed raises an alert",
    },
    MenuTable: {
        "clause": _CLAUSE,
        "text": "tells which key is for what",
        "wait": "how long a key is waited for, each time it was said",
        "times": "how often it is said to a customer who presses no key",
        "otherwise": "which key counts as pressed when none was, or when the customer speaks instead",
        "choices": "what each key is for, a table for each",
    },
    WaitingTable: {
        "clause": "the clause that first and again keep",
        "first": "said at once when the wait begins",
        "again": "said again and again while it lasts",
        "every": "from the beginning of one of these prompts to the beginning of the next",
        "limit": "the longest wait: then the apology is said, and the customer may speak again",
        "long": "a wait so long is thanked for when it ends",
        "patience_clause": "the clause that thanks and sorry keep",
        "thanks": "said when a long wait ends",
        "sorry": "said when the wait has reached its limit",
    },
    CallBackTable: {
        "clause": _CLAUSE,
        "key": "pressed while waiting: the customer wants to be called back",
        "message_key": "pressed while waiting: he leaves a message instead",
        "offer": "tells a waiting customer of the two keys, once, after one of the reassurances",
        "offer_after": "how long he has waited before he is told",
        "ask": "asks him to key in his number, with # at its end, where the caller's number is not known or is "
        "not the one",
        "read_back": "said before his number, which is then read to him digit by digit",
        "confirm": "said after the number: which key says that it is right, and which that it is not",
        "noted": "said when the number is taken: he will be called back",
        "speak": "said to who leaves a message instead; left out: he speaks without being asked",
        "right": "pressed when the number was read back right",
        "wrong": "pressed when it was not: he is asked to key it in",
        "wait": "how long he may take to begin to key in, or to press right or wrong",
        "tries": "how often he is asked for his number; then what is known is noted",
    },
    WarningTable: {
        "phrase": "which of [phrases] is said",
    },
    PhraseTable: {
        "clause": _CLAUSE,
        "text": "what is said to the customer",
        "code": "what the agent dials after * on his telephone; left out: by the feed's command alone",
        "closes": "whether it is a farewell: nothing is said after it, the line waits as after its own",
    },
    FurtherTable: {
        "clause": _CLAUSE,
        "text": "what is asked",
        "wait": "how long the customer may take to begin; then the farewell follows",
        "barge_in": _BARGE_IN,
    },
    FarewellTable: {
        "clause": _CLAUSE,
        "text": "what is said",
        "holiday": "said on holidays in its place",
        "weekend": "said on Saturdays and Sundays in its place; a holiday goes before a weekend",
    },
    HangUpTable: {
        "clause": _CLAUSE,
        "after_farewell": "whether the line then waits for the customer to hang up, or is released by itself",
        "release_wait": 'with "release": how long after a farewell that was said to its end',
        "guard": "last resort: a line left open for so long after the last word is released",
    },
    LanguageTable: {
        "forbidden": "the clause that forbids phrases: no text may hold one; left out: unchecked",
        "polite": "the clause that asks for 您 (never 你), a greeting first, 请 in questions; left out: unchecked",
    },
}
"""By table, then by key."""
