"""Conexant CX930xx sticks, and the Zoom 3095, which is one under another name."""

from dataclasses import replace

from drivers.emulator.codecs import A_LAW, LINEAR_14, MU_LAW, SIGNED_8, UNSIGNED_8
from drivers.emulator.parameters import COMMON, line_wide, voice
from drivers.emulator.personalities.personality import VoiceMode
from drivers.emulator.personalities.v253 import LINE_EVENTS, V253

CONEXANT = replace(
    V253,
    name="conexant",
    identity={
        **{f"I{number}": () for number in (1, 2, 4, 6, 7)},
        "I0": ("56000",),
        "I3": ("CX93001-EIS_V0.2013-V92",),
        "I5": ("B5",),
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
    parameters=COMMON
    | {
        "+VSD": voice("128,0", "(0-255),(0-255)", takes_effect=False),
        "-STE": line_wide("0", "(0-7)"),
        "-SCID": line_wide("0", "(0-1)"),
    },
    classes="0,1,1.0,2,8",
    sources={
        "0": '0,"",0B8408E000,0B8408E000,0B8408E000',
        "1": f'1,"T",{LINE_EVENTS}',
        "4": '4,"S",00000000,00000000,00000000',
        "5": f'5,"ST",{LINE_EVENTS}',
        "6": '6,"M",00000000,00000000,00000000',
        "8": '8,"S1",00000000,00000000,00000000',
        "9": f'9,"S1T",{LINE_EVENTS}',
        "11": '11,"M1",00000000,00000000,00000000',
        "13": f'13,"M1S1T",{LINE_EVENTS}',
    },
    off_hook_sources=frozenset({"1", "5", "9", "13"}),
    codes=frozenset("abcdefhHJlPpqrsX"),
    keeps_caller_id=False,
    receive_ends={"!": "\x03"},
    no_dial_tone="NO DIAL TONE",
    uses_sub=True,
    handset_codes=("P", "p"),
    handset_switch="-STE",
    duplex_budget=30_400,
)

_OLDER = {"I3": ("CX93001-EIS_V0.2002-V92",), "+GMR": ("CX93001-EIS_V0.2002-V92",)}

V0_2002 = replace(CONEXANT, identity=CONEXANT.identity | _OLDER)
"""The other firmware that is common."""

MANUAL = replace(
    CONEXANT,
    modes=(
        VoiceMode(1, '1,"UNSIGNED PCM",8,0,8000,0,0', UNSIGNED_8, (4,)),
        VoiceMode(129, '129,"IMA ADPCM",4,0,8000,0,0', None),
        VoiceMode(130, '130,"UNSIGNED PCM",8,0,8000,0,0', UNSIGNED_8),
        VoiceMode(140, '140,"2 Bit ADPCM",2,0,8000,0,0', None),
        VoiceMode(141, '141,"4 Bit ADPCM",4,0,8000,0,0', None),
    ),
    query_prefix=True,
)
"""As the maker's manual of 2006 has it."""

ZOOM3095 = replace(V0_2002, name="zoom3095")
"""Its answers are Conexant's; the USB id 0803:3095 alone tells."""
