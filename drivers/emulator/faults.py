"""What can go wrong with a modem, each as a switch; everything drawn at random comes from one seed."""

from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """Switches may be changed while the modem runs. The default is a modem in good health."""

    seed: int = 1
    late_ok: float = 0.0
    """Seconds that every result comes later."""
    lost_ok: int = 0
    """So many of the next OKs are never sent."""
    no_duplex: bool = False
    """+VTR gives ERROR."""
    no_caller_id: bool = False
    """The modem never shows a caller ID."""
    caller_id_raw: bool = False
    """The caller ID comes as one hexadecimal MDMF string, wrapped over two lines."""
    ring_in_response: int = 0
    """So many ring reports come a second time, in the middle of the answer to a command, while the line rings."""
    keeps_ringing: int = 0
    """After +VLS=1 was answered OK the line is not seized until so many more bursts have rung."""
    split_dle: bool = False
    """A <DLE> and its character reach the host in two reads, 20 ms apart."""
    false_codes_while_playing: bool = False
    """The modem takes the prompt for tones: <DLE>d, <DLE>b and digits that are not there, every second or so."""
    swallowed_commands: int = 0
    """So many of the next command lines vanish: no echo, no answer."""
    stuck_after_voice: bool = False
    """A voice session ignores its end; only DTR (closing the port, or drop_dtr) frees the modem."""
    stale_tail: bool = False
    """After a voice session's end and its OK, 40 ms more of its stream come before the next answer."""
    no_ok_after_receive: bool = False
    """The end of +VRX gives <DLE><ETX> without an OK, as one maker's manual shows it."""
    garbage: float = 0.0
    """Chance in a second that random bytes reach the host while no voice session runs."""
    modem_silent: bool = False
    """The modem takes everything and says nothing."""
    stalled: bool = False
    """No audio of a voice stream reaches the host; what is heard meanwhile is lost."""
    no_digit_codes: bool = False
    """The modem is deaf for DTMF: keys are on the line as sound only."""
