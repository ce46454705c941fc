"""Modem profiles: data that states only how a family differs from the one it is derived from."""

from drivers.fxo.profiles.conexant import CONEXANT
from drivers.fxo.profiles.generic import GENERIC
from drivers.fxo.profiles.profile import Profile
from drivers.fxo.profiles.usr5637 import USR5637
from drivers.fxo.profiles.v253 import V253

PROFILES: dict[str, Profile] = {profile.name: profile for profile in (V253, CONEXANT, USR5637, GENERIC)}
"""Every profile by the name used in the configuration."""

IDENTIFIABLE = (USR5637, CONEXANT)
"""Profiles that a modem's own words name, in the order they are tried."""

__all__ = ["CONEXANT", "GENERIC", "IDENTIFIABLE", "PROFILES", "USR5637", "V253", "Profile"]
