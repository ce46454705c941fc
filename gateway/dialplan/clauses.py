"""The five service standards: what each clause asks, in a sentence, and who keeps what a line cannot keep alone.

The wordings that clauses order stand in the dialplans.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a standard."""

    asks: str
    rest: str = ""
    """Who keeps it, or the rest of it, beside the line: "the agent: …"; empty where the line keeps it all."""


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard; `prefix` begins the ids of its clauses."""

    prefix: str
    dialplan: str
    """The shipped dialplan that keeps it."""
    name: str
    """Whose standard it is."""


STANDARDS = (
    Standard("JH", "jihua-gas", "the Jihua Gas hotline"),
    Standard("WD", "runfa-water", "the 96018 water delivery hotline"),
    Standard("JS", "jinsui-tax", "the Jinsui tax-control hotline"),
    Standard("ET", "service-desk", "a service desk"),
    Standard("TT", "tietong-keyaccount", "the key-account hotline"),
)

CLAUSES = {
    "JH-1": Clause("Every call is answered by the third ring, without exception."),
    "JH-2": Clause("Nobody hangs up before the customer has hung up."),
    "JH-3": Clause("The greeting names the hotline and the agent's number, and asks what is wanted."),
    "JH-4": Clause("A trainee says in the greeting that he is one."),
    "JH-5": Clause("When more customers call than agents are there, the greeting is short."),
    "JH-6": Clause(
        "A silent line: the customer is told that he is connected, then asked to speak, then told that he cannot "
        "be heard and should dial again; then the line is released.",
    ),
    "JH-7": Clause(
        "Noise or a faint voice: the customer is asked to speak, twice; then told that he cannot be understood "
        "and should dial again; 3 seconds later the line is released.",
    ),
    "JH-8": Clause(
        "A waiting customer is reassured at once and then every 15 seconds, never more often and never later.",
    ),
    "JH-9": Clause(
        "A customer who has waited long is thanked; one who complains of waiting hears an apology.",
        "the agent: has the apology said",
    ),
    "JH-10": Clause(
        "Before the end of an enquiry the customer is asked for anything else, and is thanked or asked to call "
        "again.",
        "the agent: says the farewell to an enquiry that he has answered",
    ),
    "JH-11": Clause("A customer whose request is passed on is thanked and told that it will be seen to."),
    "JH-12": Clause(
        "On holidays a greeting for the day goes before the greeting: New Year's Day, Labour Day, Dragon Boat "
        "and Mid-Autumn one day, Spring Festival and National Day three days each.",
    ),
    "JH-13": Clause("A nuisance call, once confirmed, is ended politely.", "the agent: confirms it"),
    "JH-14": Clause(
        "Foul language, a dialect, a question not heard: there is a sentence for each.",
        "the agent: chooses it",
    ),
    "JH-15": Clause("About 120 characters a minute are spoken, at a comfortable level."),
    "JH-16": Clause("No forbidden phrase (服务禁语) is said.", "the agent: in what he says himself"),
    "JH-17": Clause(
        "Customers are addressed as 您 and never as 你, greeted first, and asked with 请.",
        "the agent: in what he says himself",
    ),
    "JH-18": Clause("Who is asked for his name gives only his number.", "the agent: has it said"),
    "JH-19": Clause(
        "For what cannot be answered now, the customer's number is taken; he has his answer within 24 hours.",
        "the desk: passes the question up and answers in time",
    ),
    "JH-20": Clause(
        "Agents are logged in 10 minutes before the shift and are never away without a reason.",
        "the agent; the gateway: measures it by the table of shifts",
    ),
    "JH-21": Clause("98 % of all calls are answered.", "the report: counts calls offered and answered"),
    "JH-22": Clause(
        "Every call is recorded in detail and reported on a schedule; agents are scored each month.",
        "the records: hold every call from its first ring; the report: the scores",
    ),
    "JH-23": Clause(
        "The customer is asked for his surname, his problem is repeated, his number verified.",
        "the agent",
    ),
    "WD-1": Clause("Every call is answered within two rings."),
    "WD-2": Clause("The line is hung up only after 再见 was said to its end."),
    "WD-3": Clause("The greeting names the agent's number."),
    "WD-4": Clause("Each holiday has a greeting of its own; a general one is allowed too."),
    "WD-5": Clause(
        "Near the end the customer is asked for anything else; the farewell has words of its own for holidays "
        "and weekends.",
    ),
    "WD-6": Clause("A customer too faint is asked to speak up, or to say it again."),
    "WD-7": Clause("A customer too loud is asked to speak lower."),
    "WD-8": Clause(
        "A silent line: the customer is asked to speak, then to dial again; after two askings without an answer "
        "come the last words and the release.",
    ),
    "WD-9": Clause(
        "A dialect, a customer who must wait, a nuisance call: there is a sentence for each.",
        "the agent: chooses it",
    ),
    "WD-10": Clause("Who is asked for his number gives it and asks for criticism.", "the agent: has it said"),
    "WD-11": Clause(
        "Nothing about a customer leaks, and no private contact details are exchanged.",
        "the gateway: masks callers' numbers in the feed; the agent: exchanges none",
    ),
    "WD-12": Clause("Every enquiry and every complaint is replied to.", "the desk"),
    "WD-13": Clause(
        "Whoever was asked first stays responsible: a follow-up goes to the agent who took the call.",
        "the desk",
    ),
    "JS-1": Clause("Every call is answered within three rings; the greeting begins with the company's name."),
    "JS-2": Clause(
        "Few agents and many calls: the customer is told so and asked for his understanding; if the wait is "
        "short he is asked to wait, if it is long his number is taken and he is called back.",
        "the agent: asks the one he serves to wait; the desk: calls back",
    ),
    "JS-3": Clause(
        "The customer's company, telephone and tax office are asked for and recorded, then the fault: the "
        "reader's lamps, memory, printer driver, the card's date, first report, accounting month; in this order.",
    ),
    "JS-4": Clause(
        "What cannot be solved now is promised an answer; nobody is sent to another department or told that we "
        "do not know.",
        "the desk: keeps the promise",
    ),
    "JS-5": Clause(
        "A visit is made only when the person in charge agrees; the end of the service agreement is asked for.",
        "the agent",
    ),
    "JS-6": Clause(
        "A complaint is recorded in full and verified, its result told; what concerns products or technique goes "
        "up level by level.",
        "the desk",
    ),
    "JS-7": Clause(
        "The hotline makes no calls of its own, except the call-back that a customer is owed.",
        "the gateway: dials for an open ticket alone, and its customer alone",
    ),
    "JS-8": Clause("No forbidden phrase is said.", "the agent: in what he says himself"),
    "JS-9": Clause(
        "Who could not be reached is called again, at other times.", "the gateway: calls for the agent"
    ),
    "ET-1": Clause("The greeting names the company or the department, then asks what can be done."),
    "ET-2": Clause(
        "The customer is asked where he calls from and whom he wants; he is told when he is put through.",
        "the agent: puts him through",
    ),
    "ET-3": Clause(
        "Once the request is known, an answer within a stated time, an engineer, or word to the manager is "
        "promised; the promise is kept.",
        "the agent: chooses what is promised; the desk: keeps it",
    ),
    "ET-4": Clause(
        "The customer is thanked at the end; where we were at fault, he hears an apology.",
        "the agent: has the apology said",
    ),
    "ET-5": Clause(
        "What is in one's power is solved or given a time; what is not is accepted and passed up at once, never "
        "refused.",
        "the agent",
    ),
    "ET-6": Clause(
        "Before a case changes hands the customer is told and agrees; the successor knows all of it.",
        "the agent",
    ),
    "ET-7": Clause(
        "When a case is solved, the customer is told and thanked, and is given the service centre's number.",
        "the agent",
    ),
    "TT-1": Clause(
        "Requests are of four kinds: enquiry, complaint, equipment fault, serious complaint. The first two are "
        "solved on the telephone, for the others people are called in at once.",
        "the desk: comes when the alert is raised",
    ),
    "TT-2": Clause(
        "A complaint is heard to its end, apologised for whoever is right, repeated and recorded, answered with "
        "a solution or a time, and apologised for again; then comes the farewell.",
        "the agent: repeats it and solves it",
    ),
    "TT-3": Clause("The customer hangs up first."),
    "TT-4": Clause(
        "Key accounts are known by their number and served by rank, trade and spend.",
        "the desk: serves by the table of accounts",
    ),
    "TT-5": Clause(
        "Complaints come in at one centre and are handled by level; they are kept in the customer's file.",
        "the desk",
    ),
    "TT-6": Clause("What one person cannot settle, another one takes over.", "the desk"),
}
"""Every clause of the standards, in their order."""


def standard_of(clause: str) -> Standard | None:
    """The standard that a clause's id belongs to; None for one that is not ours."""
    prefix = clause.partition("-")[0]
    return next((standard for standard in STANDARDS if standard.prefix == prefix), None)
