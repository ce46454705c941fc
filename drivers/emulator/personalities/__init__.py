"""Modem families as data: V.253 as the base, each other family by what it does differently."""

from drivers.emulator.personalities import conexant, usr5637
from drivers.emulator.personalities.conexant import CONEXANT, ZOOM3095
from drivers.emulator.personalities.others import CIRRUS, GENERIC, SILABS
from drivers.emulator.personalities.personality import Personality, VoiceMode
from drivers.emulator.personalities.usr5637 import MULTITECH, USR5637
from drivers.emulator.personalities.v253 import V253

PERSONALITIES: dict[str, Personality] = {
    personality.name: personality
    for personality in (V253, CONEXANT, USR5637, ZOOM3095, MULTITECH, SILABS, CIRRUS, GENERIC)
}
"""By the name users write."""

FIRMWARES: dict[tuple[str, str], Personality] = {
    ("conexant", "V0.2002"): conexant.V0_2002,
    ("conexant", "manual"): conexant.MANUAL,
    ("usr5637", "V1.2.19"): usr5637.V1_2_19,
    ("usr5637", "manual"): usr5637.MANUAL,
    ("multitech", "MT5634"): usr5637.MT5634,
}
"""Other firmware of a family, by the family's name and its own."""


def personality_of(name: str, firmware: str | None = None) -> Personality:
    """The family `name`, in another `firmware` than its usual one where that is given. Raises ValueError that
    tells what there is."""
    if name not in PERSONALITIES:
        raise ValueError(f"personality {name!r}: {', '.join(PERSONALITIES)} is allowed")
    if firmware is None:
        return PERSONALITIES[name]
    known = [of for family, of in FIRMWARES if family == name]
    if firmware not in known:
        raise ValueError(f"firmware {firmware!r} of {name}: {', '.join(known) or 'none'} is allowed")
    return FIRMWARES[name, firmware]


__all__ = ["FIRMWARES", "PERSONALITIES", "Personality", "VoiceMode", "personality_of"]
