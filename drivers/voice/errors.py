"""Errors of the voices."""


class VoiceError(Exception):
    """No speech could be made; the message says why and what to do."""


class EngineMissingError(VoiceError):
    """The speech engine's library or its data cannot be loaded."""


class UnknownVoiceError(VoiceError):
    """The engine has no voice of that name."""


class BrokenModelError(VoiceError):
    """A voice's model file is missing, or not one."""
