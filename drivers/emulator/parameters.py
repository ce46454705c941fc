"""Parameters of the command set as data: default, allowed values as +X=? states them, what happens on writing."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `allowed` is the text of +X=?, and is what a value is checked against."""

    default: str
    allowed: str
    voice_only: bool = False
    """ERROR outside +FCLASS=8, reading included."""
    takes_effect: bool = True
    """False: OK to any allowed value, and nothing changes."""

    def admits(self, value: str) -> bool:
        """Whether every part of `value` (`128,0`) fits its group of `allowed` (`(0-255),(0-255)`)."""
        groups = re.findall(r"\(([^)]*)\)", self.allowed)
        parts = value.split(",")
        return 1 <= len(parts) <= len(groups) and all(map(_in_group, parts, groups))


def _in_group(part: str, group: str) -> bool:
    for item in group.split(","):
        low, dash, high = item.partition("-")
        if part == item:
            return True
        if dash and part.isdecimal() and int(low) <= int(part) <= int(high):
            return True
    return False


def line_wide(default: str, allowed: str) -> Parameter:
    """A parameter of any class."""
    return Parameter(default, allowed)


def voice(default: str, allowed: str, *, takes_effect: bool = True) -> Parameter:
    """A parameter of +FCLASS=8 alone."""
    return Parameter(default, allowed, True, takes_effect)


COMMON: dict[str, Parameter] = {
    "+VCID": line_wide("0", "(0-2)"),
    "+VDR": line_wide("0,0", "(0-1),(0-255)"),
    "+GCI": line_wide("B5", "(00,20,26,3D,50,59,B4,B5,F6,FE)"),
    "+IFC": line_wide("2,2", "(0-2),(0-2)"),
    "+VGR": voice("128", "(0-255)"),
    "+VGT": voice("128", "(0-255)"),
    "+VSD": voice("128,50", "(0-255),(0-255)"),
    "+VSP": voice("0", "(0-1)"),
    "+VTD": voice("100", "(0-255)"),
    "+VIT": voice("0", "(0-255)"),
    "+VNH": voice("0", "(0-2)"),
    "+VPR": voice("0", "(0-96)"),
    "+VRA": voice("50", "(0-50)"),
    "+VRN": voice("10", "(0-25)"),
}
"""What both families have; a personality states its differences."""
