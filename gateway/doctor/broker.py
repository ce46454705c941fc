"""The MQTT broker: reached as the feed will reach it, with its credentials; and whether the feed may publish.

Other than the feed this goes by paho-mqtt itself, which aiomqtt is made of: all in one thread that can be left
behind when a broker never answers, and with the broker's reasons for what it refuses, which aiomqtt keeps back.
"""

import contextlib
import json
import shlex
import socket
import ssl
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.config import GatewayConfig, MqttConfig
from gateway.doctor.finding import Finding, fault, ok, warning
from gateway.doctor.scene import Scene
from gateway.doctor.sockets import taken
from gateway.feed.config import BrokerAddress
from gateway.feed.configured import feed_config
from gateway.feed.tls import judged, tls_of, why
from gateway.feed.topics import Topics
from gateway.feed.versions import UNSUPPORTED_VERSION

CHECK = "broker"
RIGHTS = "broker permissions"
TRIED = "nobody asked: sansheng doctor has tried whether the gateway may answer here"
GATEWAY = "gateway"
PASSWORDS = "/etc/mosquitto/sansheng.passwords"
"""The gateway's user and the file of passwords, as deploy/mosquitto has them."""
TIMEOUT = 4.0
"""Seconds for the broker to be connected, and again for each thing it is asked."""
SILENCE = 0.3
"""Seconds in which a broker that does not take our certificate says so; it needs no more than a round trip."""


class _NoAnswer(Exception):
    """The broker took the connection and then said nothing."""


@dataclass
class _Asked:
    """What the broker said to each request; set by paho's callbacks, in the same thread."""

    connected: ReasonCode | None = None
    published: ReasonCode | None = None
    subscribed: list[ReasonCode] = field(default_factory=list)
    gone: bool = False


def check_broker(scene: Scene) -> list[Finding]:
    """Whether the feed will find its broker. Blocks, at most some TIMEOUTs."""
    if scene.config is None:
        return []
    if scene.config.mqtt.embedded:
        return [_own(scene, *scene.config.mqtt.own_broker)]
    return _others(scene.config)


def _own(scene: Scene, host: str, port: int) -> Finding:
    where = f"{host}:{port}"
    found = taken(scene, "tcp", host, port)
    if found is None:
        return ok(CHECK, where, "free for the gateway's own broker")
    if found.ours:
        return ok(CHECK, where, "the running gateway's own broker")
    cure = f'to use the broker that runs there: [mqtt] url = "mqtt://{where}"; else another port for ours'
    return fault(CHECK, where, f"the gateway's own broker cannot have it: {found.reason}", cure)


def _others(config: GatewayConfig) -> list[Finding]:
    address = BrokerAddress.parse(config.mqtt.broker_url)
    where = str(address)
    try:
        _greet(config, address)
        spoken, refused = _connect(config, address)
        if refused is not None:
            return [_refusal(config.mqtt, where, refused)]
        found = ok(CHECK, where, f"reached{' with TLS' if address.tls else ''}, MQTT {spoken}")
        try:
            return [found, *_permissions(config, address)]
        except _NoAnswer:
            if spoken == "5":
                raise
            return [found]  # it hangs up on MQTT 5: nothing can be said
    except (OSError, ValueError, _NoAnswer) as error:
        return [_unreached(config, address, error)]


def _greet(config: GatewayConfig, address: BrokerAddress) -> None:
    """Connect and hang up: what is wrong with address, network or certificate comes out here, as an OSError."""
    with socket.create_connection((address.host, address.port), TIMEOUT) as wire:
        context = tls_of(feed_config(config), address)
        if context is None:
            return
        with context.wrap_socket(wire, server_hostname=address.host) as tls:
            # What a broker says of our certificate comes after the handshake (RFC 8446 §4.4.2.4), if anything.
            tls.settimeout(SILENCE)
            with contextlib.suppress(TimeoutError):
                tls.recv(1)


def _connect(config: GatewayConfig, address: BrokerAddress) -> tuple[str, ReasonCode | None]:
    """Log in and out again, in the MQTT version that the feed will speak; gives that, and the broker's refusal."""
    protocol = config.mqtt.protocol
    if protocol == "auto":
        with contextlib.suppress(_NoAnswer), _Session(config, address, version5=True) as session:
            if session.refused is None or session.refused.value != UNSUPPORTED_VERSION:
                return "5", session.refused
        protocol = "3.1.1"  # some refuse MQTT 5, some hang up on it
    with _Session(config, address, protocol == "5") as session:
        return protocol, session.refused


def _permissions(config: GatewayConfig, address: BrokerAddress) -> list[Finding]:
    """Only MQTT 5 tells that it was not permitted to publish (5.0 §3.4.2.1): 3.1.1 can but drop the message."""
    topics = Topics(config.mqtt.base_topic, config.site)
    user = config.mqtt.username or "anonymous"
    with _Session(config, address, version5=True) as session:
        if session.refused is not None:
            return []  # it speaks 3.1.1 alone: nothing can be said
        hears = session.subscribe(topics.command)
        says = session.publish(topics.command_result, json.dumps({"id": None, "ok": False, "error": TRIED}))
    steps = _rights_for(user, topics.root)
    if says.is_failure:
        return [fault(RIGHTS, str(address), f"{user} may not publish below {topics.root}/ ({says})", *steps)]
    if hears.is_failure:
        return [warning(RIGHTS, str(address), f"{user} may not subscribe to {topics.command} ({hears})", *steps)]
    return [ok(RIGHTS, str(address), f"{user} may publish and subscribe below {topics.root}/")]


def _rights_for(user: str, root: str) -> tuple[str, ...]:
    """How the gateway's user is let publish; a reader named by mistake must not become a gateway."""
    allow = f"in mosquitto's acl_file: user {user} / topic readwrite {root}/#"
    reload = "sudo systemctl reload mosquitto"
    if user == GATEWAY:
        return allow, reload
    return (
        f"is {user!r} the gateway's own user? deploy/mosquitto/sansheng.acl calls it {GATEWAY!r}: "
        "correct [mqtt] username and password_file",
        f"if it is, and nobody else's, {allow}",
        reload,
    )


class _Session:
    """One connection, turned by hand. Raises OSError, ssl's errors among them, ValueError or _NoAnswer."""

    def __init__(self, config: GatewayConfig, address: BrokerAddress, version5: bool) -> None:
        self._asked = _Asked()
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"doctor-{uuid.uuid4().hex[:12]}",
            protocol=MQTTProtocolVersion.MQTTv5 if version5 else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        self._client.connect_timeout = TIMEOUT
        if config.mqtt.username is not None:
            self._client.username_pw_set(config.mqtt.username, config.mqtt.password)
        context = tls_of(feed_config(config), address)
        if context is not None:
            self._client.tls_set_context(context)
        self._client.on_connect = self._on_connect
        self._client.on_publish = self._on_publish
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.connect(address.host, address.port)

    def __enter__(self) -> "_Session":
        self._turn(lambda: self._asked.connected is not None)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop(0.1)

    @property
    def refused(self) -> ReasonCode | None:
        """Why the broker does not let us in; None: it does."""
        answer = self._asked.connected
        return answer if answer is not None and answer.is_failure else None

    def subscribe(self, topic: str) -> ReasonCode:
        """Ask to; gives the broker's answer."""
        self._client.subscribe(topic, qos=1)
        self._turn(lambda: bool(self._asked.subscribed))
        return self._asked.subscribed[0]

    def publish(self, topic: str, payload: str) -> ReasonCode:
        """Publish, not retained; gives the broker's answer."""
        self._client.publish(topic, payload, qos=1)
        self._turn(lambda: self._asked.published is not None)
        assert self._asked.published is not None
        return self._asked.published

    def _turn(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + TIMEOUT
        while not done():
            if self._asked.gone or time.monotonic() > until:
                raise _NoAnswer
            self._client.loop(0.2)

    def _on_connect(
        self, _client: Client, _data: None, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        self._asked.connected = reason

    def _on_publish(
        self, _client: Client, _data: None, _mid: int, reason: ReasonCode, _: Properties | None
    ) -> None:
        self._asked.published = reason

    def _on_subscribe(
        self, _client: Client, _data: None, _mid: int, reasons: list[ReasonCode], _: Properties | None
    ) -> None:
        self._asked.subscribed = reasons

    def _on_disconnect(
        self, _client: Client, _data: None, _flags: DisconnectFlags, _reason: ReasonCode, _: Properties | None
    ) -> None:
        self._asked.gone = True


def _refusal(mqtt: MqttConfig, where: str, reason: ReasonCode) -> Finding:
    if reason.value == UNSUPPORTED_VERSION:
        return fault(CHECK, where, f"does not have MQTT {mqtt.protocol}", 'set [mqtt] protocol = "auto"')
    if mqtt.username is None:
        cure = "set [mqtt] username and password_file, or let the broker take clients without"
        return fault(CHECK, where, f"refuses a login without username ({reason})", cure)
    steps = (
        "which file the broker reads: sudo grep -rh ^password_file /etc/mosquitto",
        f"sudo mosquitto_passwd {PASSWORDS} {shlex.quote(mqtt.username)} && sudo systemctl reload mosquitto",
        "and write the same password into [mqtt] password_file",
    )
    return fault(CHECK, where, f"refuses the login of {mqtt.username!r} ({reason})", *steps)


def _unreached(config: GatewayConfig, address: BrokerAddress, error: Exception) -> Finding:
    where = str(address)
    look = f"ping {address.host}; is a firewall between? then: nc -zv {address.host} {address.port}"
    match error:
        case ssl.SSLCertVerificationError():
            steps = (judged(error, address.host), f"look at it: openssl s_client -connect {where} -showcerts")
            return fault(CHECK, where, f"its certificate is not accepted: {error.verify_message}", *steps)
        case ssl.SSLError() if "ALERT" in (error.reason or "").upper():
            return fault(CHECK, where, "does not take our certificate", why(error, feed_config(config), address))
        case ssl.SSLError() | ConnectionResetError():
            cure = "mqtts:// is for a TLS listener (8883 by custom), mqtt:// for a plain one: correct [mqtt] url"
            wanted = "speak TLS" if address.tls else "talk MQTT"
            return fault(CHECK, where, f"is there, but does not {wanted} as it should: {error}", cure)
        case socket.gaierror():
            cure = f"getent hosts {address.host}; correct [mqtt] url or the resolver"
            return fault(CHECK, where, f"the name {address.host} is not known: {error.strerror}", cure)
        case ConnectionRefusedError():
            return fault(
                CHECK, where, "nothing listens there", f"on that machine: sudo systemctl start mosquitto; {look}"
            )
        case TimeoutError():
            return fault(CHECK, where, f"does not answer within {TIMEOUT:.0f} s", look)
        case _NoAnswer():
            cure = "is it an MQTT broker, and does this port want TLS (mqtts://)? correct [mqtt] url"
            return fault(CHECK, where, "is there, but does not talk MQTT", cure)
    return fault(CHECK, where, f"cannot be reached: {error}", look)
