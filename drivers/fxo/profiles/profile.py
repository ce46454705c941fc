"""What a modem profile states."""

from dataclasses import dataclass, field

from drivers.fxo.codecs import Coding
from drivers.fxo.profiles.events import EventTable


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds that a family wants."""

    pace: float = 0.11
    """Between a result and the next command: V.250 asks for 100 ms."""
    settle: float = 0.8
    """After going off-hook before a prompt: the line settles, the first words would be lost."""
    connect: float = 3.0
    """The longest that CONNECT may take."""
    dtr_low: float = 0.6
    """Least time of DTR low that is taken for a hang-up."""
    reset: float = 5.0
    """The longest that ATZ may take: a second as a rule, with some makers more."""


@dataclass(frozen=True, slots=True)
class FirmwareGate:
    """Firmware of a family that has no voice yet."""

    pattern: str
    """Finds the version in what the modem says of itself; its groups are the version's numbers."""
    voice_since: tuple[int, ...]
    """The first version with voice."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A family of modems, as it differs from the one it is derived from. Command tuples are alternatives, of which
    the first that gives OK is kept, unless it says otherwise. Patterns are regular expressions, of either case."""

    name: str
    title: str
    """For people."""

    # -- who it is -------------------------------------------------------------------------------------------
    named_by: tuple[str, ...] = ()
    """Searched in the lines of ATI3 and +GMR, then of ATI0: any one names this family."""
    shared_words: tuple[str, ...] = ()
    """The same, but others say it too: proof only together with one of `usb_ids`."""
    asked_further: tuple[tuple[str, str], ...] = ()
    """Command and pattern: what still names this family where those three do not. ATI and +G queries alone."""
    usb_ids: tuple[tuple[int, int | None], ...] = ()
    """Vendor and product, None for every product: a hint. It makes shared words a proof, and a product, though not
    a vendor, names the family of a modem whose words name none."""
    firmware_gate: FirmwareGate | None = None
    told_by: tuple[str, ...] = ("AT+GMI", "AT+GMM")
    """Further queries of which people like to see the answers; each known to end by itself (a USR's ATI11 waits
    for a key)."""

    # -- how it is set up ------------------------------------------------------------------------------------
    extras: tuple[str, ...] = ("AT&D2", "ATS0=0", "ATM0")
    """All sent, once after every reset; ERROR is no fault."""
    caller_id: tuple[str, ...] = ("AT+VCID=1", "AT#CID=1")
    """Switches formatted caller ID on."""
    silence_detection_off: tuple[str, ...] = ("AT+VSD=128,0", "AT+VSD=0,0")
    """The modem's own silence timer could end a stream by itself."""
    delays: Delays = field(default_factory=Delays)

    # -- its voice -------------------------------------------------------------------------------------------
    default_codings: tuple[tuple[int, Coding], ...] = ()
    """+VSM ids to try where +VSM=? tells nothing, or nothing that is spoken here."""
    coding_order: tuple[Coding, ...] = tuple(Coding)
    """Which codings to prefer. 16-bit samples need 160 kbit/s: too much for a serial line at 115200."""
    coding_forms: tuple[str, ...] = ("AT+VSM={id},{rate}", "AT+VSM={id},{rate},0,0")
    """How a coding is chosen; with two arguments or with four."""
    duplex_seen: bool = False
    """+VTR was seen to work with this family; it is tried on every call of every family."""
    end_duplex: tuple[bytes, ...] = ()
    """What ends +VTR, first choice first."""
    record_source: int = 1
    """The +VLS that +VRX wants: 1, the line, set at answering anyway; another is set before a half-duplex call is
    heard for the first time, and never again (it could drop the call)."""

    # -- what it reports -------------------------------------------------------------------------------------
    events: EventTable = field(default_factory=dict)
    """What its event codes mean; a code that is not here is not this family's."""
    frames_digits: bool = False
    """Every true DTMF digit comes between DLE / and DLE ~; one without is a false detection."""
    busy_codes_needed: int = 2
    """DLE b within five seconds that count as a busy tone while our ears hear no voice; 0: never believed."""
    off_hook_trusted: bool = False
    """No modem of this family is known to answer OK to +VLS=1 and to let the line ring on."""
    handset_codes_needed: int = 1
    """Codes for a parallel telephone lifted that count as one."""
    false_codes_while_playing: bool = False
    """It is known to take prompts for tones, again and again."""
