"""What can go wrong on an FXO line: one class for each cause a person can act on, all under FxoError.

FxoError
├── PortError            the serial port
│   ├── PortMissing      no such node, or not a serial port
│   ├── PortBusy         another program holds it
│   ├── PortDenied       no permission
│   ├── PortStuck        a call to its driver hangs
│   └── PortLost         it vanished while open
├── NoAnswer             one command got no result in time (recovery may still help)
├── StreamLost           the modem left a voice stream by itself, or no audio comes
├── ModemSilent          no answer after every recovery step
├── ModemUnfit           answers, but cannot do voice
└── AnswerFailed         the line went on ringing after it was told to go off-hook
"""

from typing import ClassVar

from drivers.line import FaultCode

REPLUG = "unplug it, wait five seconds, plug it in again"
"""What frees a modem whose firmware has wedged: it must lose power."""


class FxoError(Exception):
    """Any failure of an FXO line; `code` is what the gateway is told."""

    code: ClassVar[FaultCode] = FaultCode.INTERNAL


class PortError(FxoError):
    """Any failure of the serial port."""


class PortMissing(PortError):
    """The node does not exist, or is no serial port."""

    code = FaultCode.PORT_MISSING


class PortBusy(PortError):
    """Another program holds the port."""

    code = FaultCode.PORT_BUSY


class PortDenied(PortError):
    """No permission to open the port."""

    code = FaultCode.PORT_DENIED


class PortStuck(PortError):
    """Opening it, or an earlier call on it, hangs in the kernel: the modem has wedged, only a replug helps."""

    code = FaultCode.MODEM_SILENT


class PortLost(PortError):
    """The device vanished while it was open."""

    code = FaultCode.PORT_LOST


class NoAnswer(FxoError):
    """A command got no result within its time."""

    code = FaultCode.MODEM_SILENT


class StreamLost(FxoError):
    """The voice stream ended by itself, or carries nothing any more."""

    code = FaultCode.MODEM_SILENT


class ModemSilent(FxoError):
    """The modem answers nothing, whatever is done short of pulling its plug."""

    code = FaultCode.MODEM_SILENT


class ModemUnfit(FxoError):
    """The modem answers, but cannot do voice."""

    code = FaultCode.MODEM_UNFIT


class AnswerFailed(FxoError):
    """The line went on ringing after +VLS=1, or would not go off-hook."""

    code = FaultCode.ANSWER_FAILED


def with_cure(error: FxoError, port: str) -> str:
    """What people are told of the error that took the line on `port` out of service. One of a command or a stream
    knows no cure: what follows it is known to the line alone, which tries to bring the modem back by itself."""
    if isinstance(error, NoAnswer | StreamLost):
        return f"{port}: {error}. If the line does not come back by itself, the modem has wedged: {REPLUG}"
    return str(error)
