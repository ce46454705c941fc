"""What a SIP line is configured with."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, ip_address, ip_network

from drivers.hearing.tone_tables import TONE_TABLES
from drivers.sip.digest import ALGORITHMS, CallerSecret

RTP_BASE = 16384
"""First RTP port of the range that IANA's dynamic ports leave to RTP by custom; below Linux' ephemeral range."""
_THIS_MACHINE = "127.0.0.1"
RTP_PORTS = 16
"""UDP ports a line may use for RTP and RTCP: two a call, and as many again for calls that are just ending."""


class SipConfigError(ValueError):
    """A key of the SIP line is wrong; the message names the key, what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class SipConfig:
    """One softphone: one worker process. Raises SipConfigError when a value cannot be used."""

    line_id: str
    listen: str
    """`address:port`, an IPv4 address; 0.0.0.0 binds every interface. UDP and TCP both."""
    aor: str
    """Address of record, `sip:8801@pbx.example`."""
    registrar: str | None = None
    """`sip:pbx.example` to register there; None: callers reach `listen` directly."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    calls: int = 4
    """Callers at the same time; clamped to what pjsua2 was compiled for."""
    ring_period: float = 5.0
    """Seconds that count as one ring."""
    allow: tuple[str, ...] = ("127.0.0.0/8",)
    """Networks whose hosts may call; others get no answer."""
    callers: tuple[CallerSecret, ...] = ()
    """Who must show a password to call; empty: nobody."""
    requests_per_second: float = 20.0
    """New requests of one host that are served; twice as many at once."""
    ban_seconds: float = 600.0
    """How long a host is shut out; 0: none is."""
    tones: str = "cn"

    def __post_init__(self) -> None:
        _ = self.host, self.port, self.networks
        if not self.aor.lower().startswith(("sip:", "sips:")):
            raise SipConfigError(f"aor: {self.aor!r} is not a SIP address; write sip:user@host")
        if self.registrar is not None and not self.registrar.lower().startswith(("sip:", "sips:")):
            raise SipConfigError(f"registrar: {self.registrar!r} is not a SIP address; write sip:host")
        if self.calls < 1:
            raise SipConfigError(f"calls: {self.calls} is less than 1")
        if self.tones not in TONE_TABLES:
            raise SipConfigError(f"tones: {self.tones!r} is unknown; one of {', '.join(sorted(TONE_TABLES))}")
        if self.requests_per_second < 1 or self.ban_seconds < 0:
            raise SipConfigError("requests_per_second and ban_seconds: at least 1, and at least 0")
        if len({caller.realm for caller in self.callers}) > 1:
            raise SipConfigError("callers: more than one realm; all callers of a line have the same")
        if not {caller.algorithm for caller in self.callers} <= ALGORITHMS.keys():
            raise SipConfigError(f"callers: an unknown algorithm; one of {', '.join(ALGORITHMS)}")
        if not self.ring_period > 0:
            raise SipConfigError(f"ring_period: {self.ring_period} s is not a positive duration")

    @property
    def host(self) -> str:
        """The address part of `listen`."""
        host = self.listen.rpartition(":")[0]
        try:
            if ip_address(host).version == 4:
                return host
        except ValueError:
            pass
        raise SipConfigError(f"listen: {self.listen!r} has no IPv4 address; write 127.0.0.1:5062 or 0.0.0.0:5062")

    @property
    def port(self) -> int:
        """The port part of `listen`."""
        text = self.listen.rpartition(":")[2]
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
            raise SipConfigError(f"listen: {self.listen!r} has no port from 1 to 65535; write 127.0.0.1:5062")
        return int(text)

    @property
    def networks(self) -> tuple[IPv4Network, ...]:
        """`allow`, parsed."""
        networks = []
        for text in self.allow:
            try:
                network = ip_network(text, strict=False)
            except ValueError as error:
                raise SipConfigError(f"allow: {text!r} is not a network; write 192.0.2.0/24 ({error})") from None
            if not isinstance(network, IPv4Network):
                raise SipConfigError(f"allow: {text!r} is not an IPv4 network; write 192.0.2.0/24")
            networks.append(network)
        return tuple(networks)

    @property
    def rtp_port(self) -> int:
        """First of the line's RTP_PORTS ports: 16384 + 16 × (port mod 1000), apart for consecutive lines."""
        return RTP_BASE + RTP_PORTS * (self.port % 1000)

    def admits(self, address: str) -> bool:
        """Whether the host at `address` may call."""
        try:
            source = ip_address(address)
        except ValueError:
            return False
        return any(source in network for network in self.networks)

    def names(self, address: str) -> bool:
        """Whether `allow` names this very host; or it is this machine."""
        return address == _THIS_MACHINE or any(
            str(network.network_address) == address for network in self.named_networks
        )

    @property
    def named_networks(self) -> tuple[IPv4Network, ...]:
        """The hosts that `allow` names by themselves, and this machine where `allow` has it."""
        named = [network for network in self.networks if network.prefixlen == network.max_prefixlen]
        return (*named, IPv4Network(_THIS_MACHINE)) if self.admits(_THIS_MACHINE) else tuple(named)
