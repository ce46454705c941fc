"""What a modem profile states."""

from dataclasses import dataclass

from drivers.fxo.codecs import Coding


@dataclass(frozen=True, slots=True)
class Profile:
    """A family of modems. Command tuples are alternatives: the first that gives OK is kept."""

    name: str
    identified_by: tuple[str, ...]
    """Words in the answers to ATI3, +GMR, ATI0, upper case; any one of them names this family."""
    caller_id: tuple[str, ...]
    """Switches formatted caller ID on."""
    silence_detection_off: tuple[str, ...]
    """The modem's own silence timer could end a stream by itself."""
    extras: tuple[str, ...]
    """Sent once after every reset; ERROR is no fault."""
    default_codings: tuple[tuple[int, Coding], ...]
    """+VSM ids to try where +VSM=? tells nothing."""
    end_duplex: tuple[bytes, ...]
    """What ends +VTR, first choice first."""
    frames_digits: bool
    """Every true DTMF digit comes between DLE / and DLE ~; one without is a false detection."""
    busy_codes_needed: int
    """DLE b within five seconds that count as a busy tone while our ears hear no voice; 0: never believed."""
    off_hook_trusted: bool
    """No modem of this family is known to answer OK to +VLS=1 and to let the line ring on."""
    false_codes_while_playing: bool
    """It is known to take prompts for tones, again and again."""
