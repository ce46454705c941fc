"""Modem profiles: data that states only how a family differs from the one it is derived from."""

from drivers.fxo.profiles.cirrus import CIRRUS
from drivers.fxo.profiles.conexant import CONEXANT
from drivers.fxo.profiles.events import EventTable, ModemEvent
from drivers.fxo.profiles.generic import GENERIC
from drivers.fxo.profiles.multitech import MULTITECH
from drivers.fxo.profiles.profile import Delays, Profile
from drivers.fxo.profiles.silabs import SILABS
from drivers.fxo.profiles.usr5637 import USR5637
from drivers.fxo.profiles.v253 import V253
from drivers.fxo.profiles.zoom3095 import ZOOM3095

PROFILES: dict[str, Profile] = {
    profile.name: profile for profile in (V253, CONEXANT, USR5637, ZOOM3095, MULTITECH, SILABS, CIRRUS, GENERIC)
}
"""Every profile by the name used in the configuration."""

IDENTIFIABLE = (ZOOM3095, USR5637, MULTITECH, SILABS, CIRRUS, CONEXANT)
"""Profiles that a modem's own words name, in the order they are tried."""

__all__ = ["GENERIC", "IDENTIFIABLE", "PROFILES", "V253", "Delays", "EventTable", "ModemEvent", "Profile"]
