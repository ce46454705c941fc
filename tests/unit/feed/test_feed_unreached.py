"""Why a broker is not reached, in words that tell what to do; no number of an error, no word of a library's."""

import errno
import os
import socket

import pytest
from aiomqtt import MqttError

from gateway.feed.config import BrokerAddress, FeedConfig
from gateway.feed.connection import Dialling
from gateway.feed.tls import why

pytestmark = pytest.mark.unit

ADDRESS = BrokerAddress.parse("mqtt://pbx.example:1883")
OTHERS = FeedConfig(site="jinan", url="mqtt://pbx.example:1883")
OURS = FeedConfig(site="jinan")


def system(code: int) -> OSError:
    return OSError(code, os.strerror(code))


@pytest.mark.parametrize(
    ("cause", "config", "told"),
    [
        (system(errno.ECONNREFUSED), OTHERS, "nothing listens there; start the broker, or correct [mqtt] url"),
        (system(errno.ECONNREFUSED), OURS, "nothing listens there"),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            OTHERS,
            "its name is not known here (Name or service not known); correct [mqtt] url, or the name service",
        ),
        (
            system(errno.EHOSTUNREACH),
            OTHERS,
            "no way leads there (No route to host); look at the cable and the routes, or correct [mqtt] url",
        ),
    ],
    ids=["refused", "ours", "name", "route"],
)
def test_the_cause_comes_with_its_cure(cause: OSError, config: FeedConfig, told: str) -> None:
    assert why(cause, config, ADDRESS) == told
    made = MqttError(str(cause))
    made.__context__ = cause  # as the client library raises it
    assert why(made, config, ADDRESS) == told


def test_the_log_tells_that_calls_go_on() -> None:
    told = Dialling(OTHERS, "sansheng/jinan/status").unreached(system(errno.ECONNREFUSED), ADDRESS)
    assert told.startswith("MQTT broker pbx.example:1883 is not reached: nothing listens there; start the broker")
    assert told.endswith("calls go on")
