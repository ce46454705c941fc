"""US Robotics USR5637, and the Lucent-like MultiTech, whose codings have the same numbers."""

from dataclasses import replace

from drivers.emulator.codecs import A_LAW, LINEAR_16, MU_LAW, UNSIGNED_8
from drivers.emulator.parameters import COMMON, line_wide, voice
from drivers.emulator.personalities.personality import VoiceMode
from drivers.emulator.personalities.v253 import V253

USR5637 = replace(
    V253,
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
    codes=frozenset("abcdehHqs@"),
    caller_id_format="{tag}={value}",
    duplex_ends=frozenset("\x03"),
    receive_ends={"!": "\x03"},
    cancel_stops_receive=True,
    tone_range=(300, 3300),
    zero_tone_allowed=False,
    single_digit_tone_answers=False,
    repeats_digits=False,
    connect_delay=0.2,
    reports_own_off_hook=True,
    on_hook_leaves_voice=True,
    repeated_answer_drops=True,
)

V1_2_19 = replace(
    USR5637,
    identity=USR5637.identity | {"I3": ("U.S. Robotics 56K FAX USB V1.2.19",), "+GMR": ("V1.2.19",)},
    classes="0,1,2.0",
)
"""A firmware before 1.2.21, which has no voice."""

MANUAL = replace(USR5637, zero_tone_allowed=True, single_digit_tone_answers=True, ok_after_receive=False)
"""As the user guide's own example of an answering machine shows it."""

MULTITECH = replace(
    V253,
    name="multitech",
    identity={
        "I0": ("MT9234MU",),
        "I1": ("V1.28",),
        "I3": ("MT9234MU V.92 Data/Fax/Voice",),
        "+GMI": ("Multi-Tech Systems",),
        "+GMM": ("MT9234MU",),
        "+GMR": ("V1.28",),
        "+GCAP": ("+FCLASS,+MS,+ES,+DS",),
    },
    modes=tuple(mode for mode in USR5637.modes if mode.number <= 132),
    default_mode=128,
    classes="0,1,1.0,2,8",
    sources={
        "0": '0,"",0B8433C1,0FE431C1,0B8431C1',
        **{
            str(number): f'{number},"{label}",0B8433C1,0FE431C1,0B8431C1'
            for number, label in enumerate(("T", "L", "LT", "S", "ST", "M", "MST"), 1)
        },
    },
    off_hook_sources=frozenset({"1", "3", "5", "7"}),
    codes=frozenset("abcdefhHlrs"),
    duplex_ends=frozenset(),
    repeats_digits=False,
)

MT5634 = replace(
    MULTITECH,
    identity={"I0": ("V1.26d",), "I3": ("LT V.92 Data+Fax+Voice Modem Version 1.26d MT5634ZBA-USB-V92",)},
)
"""An older one, on a Lucent chip."""
