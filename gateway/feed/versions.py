"""MQTT 5 where a broker has it, else 3.1.1: found in the same way by all who connect; and a refusal in words."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TypeVar

from aiomqtt import MqttError
from aiomqtt.exceptions import MqttConnectError

from gateway.feed.config import BrokerAddress, FeedConfig
from gateway.feed.properties import Protocol
from gateway.feed.wire import HungUp

UNSUPPORTED_VERSION = 0x84
"""MQTT 5.0 §3.2.2.2; MQTT 3.1.1's return code 1 is turned into it."""
NOT_ALLOWED = ("Bad user name or password", "Not authorized", "Bad username or password", "Not authorised")

Made = TypeVar("Made")


class Versions:
    """What one broker has been found to have."""

    def __init__(self, config: FeedConfig, first: Protocol = "5") -> None:
        """`first` is tried first, where the config leaves it open."""
        self._auto = config.protocol == "auto"
        self.protocol: Protocol = first if config.protocol == "auto" else config.protocol
        """The version that is tried next, or that was found."""
        self._proven = False
        """Whether the broker has been reached with this version."""

    async def entered(
        self,
        stack: AsyncExitStack,
        make: Callable[[Protocol], AbstractAsyncContextManager[Made]],
        *,
        at_once: bool,
    ) -> Made:
        """Connect with a client of `make`, in the other version where the broker refuses the first. Where it hangs
        up on it, or is silent, the other one is tried `at_once` too, or else the next time. Raises MqttError."""
        try:
            client = await stack.enter_async_context(make(self.protocol))
        except MqttConnectError as error:
            if not self._auto or error.rc != UNSUPPORTED_VERSION:
                raise
            self._turn()
            client = await stack.enter_async_context(make(self.protocol))
        except MqttError as error:
            # Very old brokers hang up on what they do not know, but an overloaded one is silent, too: only where
            # this version has never been talked.
            unanswered = isinstance(error, HungUp) or isinstance(error.__context__, TimeoutError)
            if not self._auto or self._proven or not unanswered:
                raise
            self._turn()
            if not at_once:
                raise
            client = await stack.enter_async_context(make(self.protocol))
        self._proven = True
        return client

    def _turn(self) -> None:
        self.protocol = "3.1.1" if self.protocol == "5" else "5"
        self._proven = False


def refusal(error: MqttConnectError, config: FeedConfig, address: BrokerAddress) -> str:
    """Why a broker does not let us in, with the cure."""
    reason = str(error).partition("] ")[2] or str(error)
    if error.rc == UNSUPPORTED_VERSION:
        return f'MQTT broker {address} does not have MQTT {config.protocol}: set [mqtt] protocol = "auto"'
    if reason not in NOT_ALLOWED:
        return f"MQTT broker {address} refused the connection: {reason}"
    user, _ = config.login(address)
    who = f"the login of {user!r}" if user else "a login without username"
    return f"MQTT broker {address} refused {who} ({reason}): check [mqtt] username and password_file"
