"""Silicon Labs and Cirrus chips, and a modem that says nothing of itself."""

from dataclasses import replace

from drivers.emulator.codecs import A_LAW, LINEAR_16, MU_LAW, SIGNED_8, UNSIGNED_8
from drivers.emulator.parameters import COMMON
from drivers.emulator.personalities.personality import VoiceMode
from drivers.emulator.personalities.v253 import LINE_EVENTS, V253

SILABS = replace(
    V253,
    name="silabs",
    identity={"I0": ("B",), "I1": ("3C2D",), "I6": ("2457",), "+GCAP": ("+FCLASS,+MS",)},
    modes=(
        VoiceMode(0, '0,"SIGNED PCM",8,0,8000,0,0', SIGNED_8),
        VoiceMode(1, '1,"UNSIGNED PCM",8,0,8000,0,0', UNSIGNED_8),
        VoiceMode(4, '4,"G.711U",8,0,8000,0,0', MU_LAW),
        VoiceMode(5, '5,"G.711A",8,0,8000,0,0', A_LAW),
        VoiceMode(129, '129,"ADPCM",2,0,8000,0,0', None),
        VoiceMode(131, '131,"ADPCM",4,0,8000,0,0', None),
    ),
    parameters={name: parameter for name, parameter in COMMON.items() if name != "+IFC"},
    classes="0,1,8",
    codes=frozenset("abcdefhHlqrsX"),
    caller_id_lead=("CIDM",),
    caller_id_packet=True,
    duplex_ends=frozenset(),
    receive_ends={"!": "\x03", "\x1b": "\x1b"},
    says_end_of_transmit=True,
    tone_range=(200, 3200),
    repeats_digits=False,
)

_CIRRUS_RATES = "(4800,7200,8000,9600,11025)"

CIRRUS = replace(
    V253,
    name="cirrus",
    identity={"I0": ("56000",), "I3": ("CL-MD56xx",)},
    modes=(
        VoiceMode(0, f'0,"8-BIT LINEAR",{_CIRRUS_RATES}', UNSIGNED_8),
        VoiceMode(1, f'1,"16-BIT LINEAR",{_CIRRUS_RATES}', LINEAR_16),
        VoiceMode(2, f'2,"ADPCM",{_CIRRUS_RATES}', None),
        VoiceMode(128, f'128,"8-BIT LINEAR",{_CIRRUS_RATES}', UNSIGNED_8),
        VoiceMode(129, f'129,"16-BIT LINEAR",{_CIRRUS_RATES}', LINEAR_16),
        VoiceMode(132, f'132,"ADPCM",{_CIRRUS_RATES}', None),
        VoiceMode(140, f'140,"CL1",{_CIRRUS_RATES}', None),
        VoiceMode(141, f'141,"3-BIT ADPCM",{_CIRRUS_RATES}', None),
    ),
    default_mode=128,
    classes="0,1,8",
    sources={
        "0": '0,"",0B8408E000,0B8408E000,0B8408E000',
        **{
            str(number): f'{number},"{label}",{LINE_EVENTS}'
            for number, label in {1: "T", 2: "L", 4: "S", 5: "ST", 6: "M", 7: "MST", 14: "H", 15: "HT"}.items()
        },
    },
    off_hook_sources=frozenset({"1", "5", "7", "15"}),
    codes=frozenset("abcdefhHqs"),
    query_writes_zero=frozenset({"%C"}),
    repeats_digits=False,
)

GENERIC = replace(
    V253,
    name="generic",
    identity={f"I{number}": () for number in range(8)},
    parameters={name: parameter for name, parameter in COMMON.items() if name not in ("+IFC", "+GCI", "+VPR")},
    classes="0,1,8",
    lists_codings=False,
    frames_digits=False,
    repeats_digits=False,
)
"""No name, no list of codings, a key's code without a frame."""
