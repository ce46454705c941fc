"""Modem families as data. The base is V.253 as the Conexant parts do it; another family states its differences."""

from dataclasses import dataclass, replace

from drivers.emulator.codecs import A_LAW, LINEAR_14, LINEAR_16, MU_LAW, SIGNED_8, UNSIGNED_8, Codec
from drivers.emulator.parameters import COMMON, Parameter, line_wide, voice


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
    """Information text of ATI0, +GMI …; an ATI that is not here gives ERROR."""
    modes: tuple[VoiceMode, ...]
    default_mode: int
    parameters: dict[str, Parameter]
    classes: str
    """Answer of +FCLASS=?."""
    sources: dict[str, str]
    """+VLS number → its line in +VLS=?."""
    off_hook_sources: frozenset[str]
    caller_id_format: str
    """One caller-ID line; `{tag}` and `{value}`."""
    duplex_end: str
    """The character after <DLE> that ends +VTR."""
    codes: frozenset[str]
    """Hang-up and tone codes it knows."""
    tone_range: tuple[int, int]
    """Hz allowed in +VTS=[f1,f2,d]."""
    no_dial_tone: str = "NO DIALTONE"
    zero_tone_allowed: bool = True
    """Whether a frequency of 0 is taken in +VTS."""
    single_digit_tone_answers: bool = True
    """False: AT+VTS=9 never gets an answer."""
    uses_sub: bool = False
    """<DLE><SUB> for two 10h in received audio."""
    repeats_digits: bool = False
    """The digit's code is repeated while the key is held."""
    connect_delay: float = 0.02
    """Seconds before CONNECT."""
    reports_own_off_hook: bool = False
    """<DLE>H at its own +VLS=1."""
    on_hook_leaves_voice: bool = False
    """ATH returns to class 0."""
    repeated_answer_drops: bool = False
    """+FCLASS=8 or +VLS=1 sent again once audio has run drops the call."""
    cancel_stops_receive: bool = True
    duplex_budget: int | None = None
    """Bytes a second in both directions together; over it the transmitter starves."""


_CONEXANT_PARAMETERS = COMMON | {
    "+VSD": voice("128,0", "(0-255),(0-255)", takes_effect=False),
    "-STE": line_wide("0", "(0-7)"),
    "-SCID": line_wide("0", "(0-1)"),
}

CONEXANT = Personality(
    name="conexant",
    identity={
        "I0": ("56000",),
        "I1": (),
        "I2": (),
        "I3": ("CX93001-EIS_V0.2013-V92",),
        "I4": (),
        "I5": ("B5",),
        "I6": (),
        "I7": (),
        "+GMI": ("CONEXANT",),
        "+GMI9": ("CONEXANT ACF",),
        "+GMM": ("V90",),
        "+GMR": ("CX93001-EIS_V0.2013-V92",),
        "+GCAP": ("+FCLASS,+MS,+ES,+DS",),
    },
    modes=(
        VoiceMode(0, '0,"SIGNED PCM",8,0,8000,0,0', SIGNED_8, (4,)),
        VoiceMode(1, '1,"UNSIGNED PCM",8,0,8000,0,0', UNSIGNED_8, (4,)),
        VoiceMode(129, '129,"IMA ADPCM",4,0,8000,0,0', None),
        VoiceMode(130, '130,"UNSIGNED PCM",8,0,8000,0,0', UNSIGNED_8),
        VoiceMode(131, '131,"Mu-Law",8,0,8000,0,0', MU_LAW),
        VoiceMode(132, '132,"A-Law",8,0,8000,0,0', A_LAW),
        VoiceMode(133, '133,"14 bit PCM",14,0,8000,0,0', LINEAR_14),
    ),
    default_mode=1,
    parameters=_CONEXANT_PARAMETERS,
    classes="0,1,1.0,2,8",
    sources={
        "0": '0,"",0B8408E000,0B8408E000,0B8408E000',
        "1": '1,"T",0B8418E000,0FE418E000,0B8419E000',
        "4": '4,"S",00000000,00000000,00000000',
        "5": '5,"ST",0B8418E000,0FE418E000,0B8419E000',
        "6": '6,"M",00000000,00000000,00000000',
        "8": '8,"S1",00000000,00000000,00000000',
        "9": '9,"S1T",0B8418E000,0FE418E000,0B8419E000',
        "11": '11,"M1",00000000,00000000,00000000',
        "13": '13,"M1S1T",0B8418E000,0FE418E000,0B8419E000',
    },
    off_hook_sources=frozenset({"1", "5", "9", "13"}),
    caller_id_format="{tag} = {value}",
    duplex_end="^",
    codes=frozenset("bdrslhPp"),
    tone_range=(200, 3000),
    no_dial_tone="NO DIAL TONE",
    uses_sub=True,
    repeats_digits=True,
    cancel_stops_receive=False,
    duplex_budget=30_400,
)

USR = replace(
    CONEXANT,
    name="usr5637",
    identity={
        "I0": ("5601",),
        "I3": ("U.S. Robotics 56K FAX USB V1.2.23",),
        "I5": ("B5",),
        "I7": (
            "Configuration Profile...",
            "",
            "Product type           US/Canada External",
            "Product ID:        USR5637",
        ),
        "+GMI": ("U.S. Robotics",),
        "+GMM": ("USR5637",),
        "+GMR": ("V1.2.23",),
        "+GCAP": ("+FCLASS,+MS,+ES,+DS",),
    },
    modes=(
        VoiceMode(128, '128,"8-BIT LINEAR",(7200,8000,11025)', UNSIGNED_8),
        VoiceMode(129, '129,"16-BIT LINEAR",(7200,8000,11025)', LINEAR_16),
        VoiceMode(130, '130,"8-BIT A-LAW",(8000)', A_LAW),
        VoiceMode(131, '131,"8-BIT U-LAW",(8000)', MU_LAW),
        VoiceMode(132, '132,"IMA ADPCM",(7200,8000,11025)', None),
        VoiceMode(133, '133,"G.729",(8000)', None),
    ),
    default_mode=129,
    parameters=COMMON
    | {
        "+VTD": voice("100", "(0-400)"),
        "+VNH": voice("0", "(0,2)"),
        "+VEM": line_wide("0", "(0-4294967295)"),
    },
    classes="0,1,2.0,8",
    sources={
        "0": '0,"",B0008000,B0008000,B0008000',
        "1": '1,"T",0B843FC1,0FE43FC1,0B843FC1',
        "2": '2,"L",0B843FC1,0FE43FC1,0B843FC1',
        "3": '3,"LT",0B843FC1,0FE43FC1,0B843FC1',
        "4": '4,"S",0B840001,0FE40001,0B840001',
        "5": '5,"ST",0B843FC1,0FE43FC1,0B843FC1',
        "6": '6,"M",0B840001,0FE40001,0B840001',
        "7": '7,"MST",0B843FC1,0FE43FC1,0B843FC1',
    },
    off_hook_sources=frozenset({"1", "3", "5", "7"}),
    caller_id_format="{tag}={value}",
    duplex_end="\x03",
    codes=frozenset("bdrs"),
    tone_range=(300, 3300),
    no_dial_tone="NO DIALTONE",
    zero_tone_allowed=False,
    single_digit_tone_answers=False,
    uses_sub=False,
    repeats_digits=False,
    connect_delay=0.2,
    reports_own_off_hook=True,
    on_hook_leaves_voice=True,
    repeated_answer_drops=True,
    cancel_stops_receive=True,
    duplex_budget=None,
)

PERSONALITIES: dict[str, Personality] = {personality.name: personality for personality in (CONEXANT, USR)}
"""By the name users write."""
