"""What the configuration says of one FXO line."""

from dataclasses import dataclass

from drivers.fxo.profiles import PROFILES

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class FxoConfig:
    """One modem on one telephone line.

    `port`: path of the tty, best below /dev/serial/by-path, or a USB path like `usb:1-2.1`. `profile`: `auto` or a
    name in `drivers.fxo.profiles.PROFILES`. `tones`: the tone plan. Raises ValueError for an unknown profile.
    """

    line_id: str
    port: str
    profile: str = AUTO
    tones: str = "cn"

    def __post_init__(self) -> None:
        if self.profile != AUTO and self.profile not in PROFILES:
            allowed = ", ".join((AUTO, *PROFILES))
            raise ValueError(f"profile {self.profile!r} is unknown; allowed: {allowed}")
