"""What can go wrong with a modem, each as a switch; everything drawn at random comes from one seed."""

from dataclasses import dataclass, fields

CALLER_ID_FORMS = (
    "spaced",
    "tight",
    "name-first",
    "number-only",
    "no-date",
    "mdmf",
    "mdmf-2",
    "sdmf",
    "sdmf-2",
    "mesg",
    "ddn",
)
CLOCK_LIMIT = 0.1
"""Part by which a clock may be wrong; real ones are within 0.005."""
HIGHEST = 1_000_000
RUNGS = ("etx", "stop", "end", "cr", "at", "dtr", "reset", "replug")


@dataclass(slots=True)
class Faults:
    """Switches may be changed while the modem runs. The default is a modem in good health."""

    seed: int = 1

    # Results and commands.
    late_ok: float = 0.0
    """Seconds that every result comes later."""
    lost_ok: int = 0
    """So many of the next OKs are never sent."""
    connect_late: float = 0.0
    """Seconds that CONNECT comes later; audio begins after it."""
    vcon: bool = False
    """VCON in place of OK and CONNECT in class 8, as before V.253."""
    ta_echo: bool = False
    """AT is echoed as TA."""
    swallowed_commands: int = 0
    """So many of the next command lines vanish: no echo, no answer."""
    garbage: float = 0.0
    """Chance in a second that random bytes reach the host while no voice session runs."""
    other_program: float = 0.0
    """Chance in a second that another program with the port open types a probe, as ModemManager does; its echo and
    answer reach the host."""
    modem_silent: bool = False
    """The modem takes everything and says nothing."""
    stuck: bool = False
    """The modem takes everything and does nothing until it is freed; the line stays as it is."""
    stuck_after_voice: bool = False
    """A voice session ignores its end, until it is freed."""
    freed_by: str = "dtr"
    """What frees a stuck modem: etx (<DLE><ETX>) · stop (<DLE>!) · end (<DLE>^) · cr · at (AT and CR) · reset (ATZ
    and CR) · dtr (closing the port, drop_dtr) · replug (nothing else)."""
    no_dtr: bool = False
    """A cable without DTR, or &D0: closing the port hangs nothing up."""

    # Ringing and caller ID.
    no_caller_id: bool = False
    """The modem never shows a caller ID."""
    caller_id_raw: bool = False
    """The caller ID comes as one hexadecimal MDMF string, wrapped over two lines."""
    caller_id_form: str = ""
    """How it is spelt, one of CALLER_ID_FORMS; empty: as the family does. A -2 is wrapped over two lines."""
    caller_id_split: bool = False
    """Its lines come in several writes, 0.1 s apart, torn in the middle."""
    ring_in_response: int = 0
    """So many ring reports come a second time, in the middle of the answer to a command, while the line rings."""
    ring_lost: float = 0.0
    """Chance that a burst is not reported."""
    no_ring_count: bool = False
    """S1, the modem's own count of rings, stays 0."""
    ring_doubled: float = 0.0
    """Chance that a burst is reported twice, a quarter of a second apart."""
    refuses_off_hook: int = 0
    """So many of the next +VLS=1 give ERROR."""
    keeps_ringing: int = 0
    """After +VLS=1 was answered OK the line is not seized until so many more bursts have rung."""
    call_waiting_as_text: bool = False
    """A second caller is told of by RING and caller ID lines in mid-call instead of <DLE> codes."""
    minds_country: bool = False
    """Unless +GCI=26 was sent the modem decodes no caller ID, knows no tone and finds no dial tone."""

    no_dial_tone: bool = False
    """The modem finds no dial tone, though the line has one."""

    # Voice sessions.
    no_duplex: bool = False
    """+VTR gives ERROR."""
    own_off_hook_code: bool = False
    """<DLE>H at its own +VLS=1."""
    false_codes_while_playing: bool = False
    """The modem takes the prompt for tones: <DLE>d, <DLE>b and digits that are not there, every second or so."""
    no_digit_codes: bool = False
    """The modem is deaf for DTMF: keys are on the line as sound only."""
    tripled_digits: bool = False
    """Each key is reported three times, as a key of its own each time."""
    split_dle: bool = False
    """A <DLE> and its character reach the host in two reads, 20 ms apart."""
    odd_dle: float = 0.0
    """Chance in a second that received audio has a 10h that was not doubled."""
    lumpy_audio: bool = False
    """Received audio comes in portions of 20 to 60 ms."""
    receive_overrun: float = 0.0
    """Chance in a second that 60 ms of received audio are lost: <DLE>o."""
    late_underrun: float = 0.0
    """Seconds that <DLE>u comes late."""
    stalled: bool = False
    """No audio of a voice stream reaches the host; what is heard meanwhile is lost."""
    stale_tail: bool = False
    """After a voice session's end and its OK, 40 ms more of its stream come before the next answer."""
    no_ok_after_receive: bool = False
    """The end of +VRX gives <DLE><ETX> without an OK, as one maker's manual shows it."""
    clock_error: float = 0.0
    """How much faster the modem's clock runs: 0.005 is half a per cent."""

    def __post_init__(self) -> None:
        """Raises ValueError for a word that no switch knows."""
        if self.caller_id_form and self.caller_id_form not in CALLER_ID_FORMS:
            raise ValueError(f"caller_id_form {self.caller_id_form!r}: {', '.join(CALLER_ID_FORMS)} is allowed")
        if self.freed_by not in RUNGS:
            raise ValueError(f"freed_by {self.freed_by!r}: {', '.join(RUNGS)} is allowed")


def parse_faults(switches: list[str], seed: int = 1) -> Faults:
    """Faults from `name=value` texts; `name` alone switches on. Raises ValueError that tells what is allowed."""
    known = {item.name: type(item.default) for item in fields(Faults) if item.name != "seed"}
    values: dict[str, bool | int | float | str] = {}
    for switch in switches:
        name, given, text = switch.partition("=")
        if name not in known:
            raise ValueError(f"fault {name!r}: {', '.join(known)} is allowed")
        values[name] = _value(name, known[name], text if given else "true")
    return Faults(seed=seed, **values)  # type: ignore[arg-type]  # each value has its field's own type


def _value(name: str, kind: type, text: str) -> bool | int | float | str:
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError(f"fault {name}={text}: true or false is allowed")
        return text.lower() == "true"
    if kind is str:
        return text
    try:
        number: int | float = kind(text)
    except ValueError:
        raise ValueError(f"fault {name}={text}: a number is needed, such as {name}=1") from None
    low, high = (-CLOCK_LIMIT, CLOCK_LIMIT) if name == "clock_error" else (0, HIGHEST)
    if not low <= number <= high:
        raise ValueError(f"fault {name}={text}: {low} to {high} is allowed")
    return number
