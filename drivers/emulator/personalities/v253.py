"""The standard as it is on paper, ITU-T V.253: the base that every family differs from."""

from drivers.emulator.codecs import A_LAW, MU_LAW, SIGNED_8, UNSIGNED_8
from drivers.emulator.parameters import COMMON
from drivers.emulator.personalities.personality import Personality, VoiceMode

LINE_EVENTS = "0B8418E000,0FE418E000,0B8419E000"
"""Masks of the events told while transmitting, receiving and idle."""

V253 = Personality(
    name="v253",
    identity={
        "I0": ("V253",),
        "I3": ("V.253 VOICE MODEM",),
        "+GMI": ("V.253",),
        "+GMM": ("V253",),
        "+GMR": ("1",),
        "+GCAP": ("+FCLASS",),
    },
    modes=(
        VoiceMode(0, '0,"SIGNED PCM",8,0,8000,0,0', SIGNED_8),
        VoiceMode(1, '1,"UNSIGNED PCM",8,0,8000,0,0', UNSIGNED_8),
        VoiceMode(3, '3,"G.729A",8,0,8000,0,0', None),
        VoiceMode(4, '4,"G.711U",8,0,8000,0,0', MU_LAW),
        VoiceMode(5, '5,"G.711A",8,0,8000,0,0', A_LAW),
    ),
    default_mode=1,
    parameters=COMMON,
    classes="0,8",
    sources={
        "0": '0,"",0B8408E000,0B8408E000,0B8408E000',
        "1": f'1,"T",{LINE_EVENTS}',
        "4": '4,"S",00000000,00000000,00000000',
        "6": '6,"M",00000000,00000000,00000000',
        "20": f'20,"t",{LINE_EVENTS}',
    },
    off_hook_sources=frozenset({"1"}),
    codes=frozenset("abcdefhHiJlLPpqrstK"),
    repeats_digits=True,
)
