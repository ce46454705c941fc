"""All targets. Each is loaded by itself: the engine must watch the product's code as it is imported."""

from importlib import import_module

from tests.fuzz.target import Target

NAMES = (
    "modem",
    "caller_id",
    "worker",
    "sip_text",
    "commands",
    "dialplan",
    "config",
    "calendar",
    "wav",
    "wallboard",
    "broker",
    "spool",
)
"""What strangers and devices send first, files last."""


def load(name: str) -> Target:
    """The target of this name. Raises KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    target: Target = import_module(f"tests.fuzz.targets.{name}").TARGET
    assert target.name == name
    return target
