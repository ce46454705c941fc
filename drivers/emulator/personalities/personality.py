"""What a modem family is, as far as the emulator can tell one from another."""

from dataclasses import dataclass, field

from drivers.emulator.codecs import Codec
from drivers.emulator.parameters import Parameter


@dataclass(frozen=True, slots=True)
class VoiceMode:
    """One line of +VSM=?. A coding without `codec` is listed as the part lists it, but choosing it gives ERROR."""

    number: int
    listing: str
    codec: Codec | None
    arguments: tuple[int, ...] = (2, 4)
    """How many values +VSM= takes for it."""


@dataclass(frozen=True, slots=True)
class Personality:
    """All in which one family differs from another."""

    name: str
    identity: dict[str, tuple[str, ...]]
    """Information text of ATI0, +GMI …; what is not here gives ERROR."""
    modes: tuple[VoiceMode, ...]
    default_mode: int
    parameters: dict[str, Parameter]
    classes: str
    """Answer of +FCLASS=?."""
    sources: dict[str, str]
    """+VLS number → its line in +VLS=?."""
    off_hook_sources: frozenset[str]
    codes: frozenset[str]
    """Event codes it knows besides digits, ring, underrun and overrun."""
    caller_id_format: str = "{tag} = {value}"
    """One caller-ID line."""
    caller_id_lead: tuple[str, ...] = ()
    """Lines that go before a caller ID."""
    caller_id_packet: bool = False
    """In class 8 a caller ID comes between <DLE>X and <DLE>. instead of as lines."""
    keeps_caller_id: bool = True
    """AT&W stores +VCID, ATZ brings it back; False: ATZ always clears it."""
    duplex_ends: frozenset[str] = frozenset("^")
    """Characters after <DLE> that end +VTR; empty: the part has no +VTR."""
    receive_ends: dict[str, str] = field(default_factory=lambda: {"!": "\x03", "\x1b": "\x03"})
    """Characters after <DLE> that end +VRX → the one after the modem's own <DLE>."""
    ok_after_receive: bool = True
    """False: the end of +VRX is <DLE><ETX> alone."""
    says_end_of_transmit: bool = False
    """<DLE><ETX> of its own before the OK that ends +VTX."""
    cancel_stops_receive: bool = False
    """<DLE><CAN> ends +VRX."""
    tone_range: tuple[int, int] = (200, 3000)
    """Hz allowed in +VTS=[f1,f2,d]."""
    zero_tone_allowed: bool = True
    """Whether a frequency of 0 is taken in +VTS."""
    single_digit_tone_answers: bool = True
    """False: AT+VTS=9 never gets an answer."""
    no_dial_tone: str = "NO DIALTONE"
    lists_codings: bool = True
    """False: +VSM=? gives ERROR."""
    query_prefix: bool = False
    """Answers to questions about + commands begin with the name: `+GMI: …`."""
    query_writes_zero: frozenset[str] = frozenset()
    """Basic commands whose `?` sets them to 0."""
    uses_sub: bool = False
    """<DLE><SUB> for two 10h in received audio."""
    frames_digits: bool = True
    """A key comes between <DLE>/ and <DLE>~."""
    repeats_digits: bool = False
    """The digit's code is repeated while the key is held."""
    handset_codes: tuple[str, str] = ("H", "h")
    """A telephone beside the modem was picked up, was put down."""
    handset_switch: str | None = None
    """The parameter whose bit 1 switches those reports on; None: always on."""
    connect_delay: float = 0.02
    """Seconds before CONNECT."""
    reports_own_off_hook: bool = False
    """<DLE>H at its own +VLS=1."""
    on_hook_leaves_voice: bool = False
    """ATH returns to class 0."""
    repeated_answer_drops: bool = False
    """+FCLASS=8 or +VLS=1 sent again once audio has run drops the call."""
    duplex_budget: int | None = None
    """Bytes a second in both directions together; over it the transmitter starves."""
