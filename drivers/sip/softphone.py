"""The worker's state: legs on an endpoint. Signals and orders in, the line's facts out. Owner thread only."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.hearing.ears import Ears
from drivers.line import (
    CallerIdReceived,
    CallOffered,
    DialFailed,
    DialFailure,
    LegReleased,
    LineCommand,
    LineRestored,
)
from drivers.sip.config import SipConfig
from drivers.sip.dial_string import local_uri
from drivers.sip.dialled_leg import DialledLeg
from drivers.sip.endpoint import CannotCall, Endpoint
from drivers.sip.identity import called_number_of, caller_id_of
from drivers.sip.leg import RELEASE_LIMIT, Leg
from drivers.sip.media import LegAudio
from drivers.sip.messages import Locate, Message, Originate, Probe, Probed
from drivers.sip.playout import Playout
from drivers.sip.registration import RegistrationWatch
from drivers.sip.signals import (
    MediaChanged,
    Offered,
    OptionsAnswered,
    PhaseChanged,
    Pressed,
    Refused,
    Registration,
    Signal,
    Sought,
    Trying,
)
from drivers.sip.sip_call import SipCall

REST_AFTER: Final = 5.0
"""Seconds without a call after which the media clock stops; a busy line does not stop and start it each time."""


@dataclass(frozen=True, slots=True)
class _Kit:
    """What a leg is lent: there for as long as the library is (LegAudio), or dear to make (Ears)."""

    audio: LegAudio
    ears: Ears


class Softphone:
    """All calls of one worker."""

    def __init__(
        self, config: SipConfig, endpoint: Endpoint, report: Callable[[Message], None], now: float
    ) -> None:
        self._config = config
        self._endpoint = endpoint
        self._report = report
        self._legs: dict[str, Leg] = {}
        self._kits = [_Kit(audio, Ears(config.tones)) for audio in endpoint.audio]
        self._lent: dict[str, _Kit] = {}
        self._idle_since: float | None = None
        self._gone: list[SipCall] = []
        """Calls that have ended, until their slot is free; see _bury."""
        self._invites: deque[tuple[float, str]] = deque()
        """Our INVITEs whose calls have ended, and when; most of them have got their final answer."""
        endpoint.door.keeper.calls = self._call_ids
        self._watch = None if config.registrar is None else RegistrationWatch(config.registrar, now)
        if self._watch is None:
            report(LineRestored())

    @property
    def busy(self) -> bool:
        """Whether any call is up."""
        return bool(self._legs)

    @property
    def joined(self) -> bool:
        """Whether any call is joined with another leg."""
        return any(leg.joined for leg in self._legs.values())

    def execute(self, command: LineCommand, now: float) -> None:
        """Carry out an order; one for a leg that has gone is dropped."""
        leg = self._legs.get(command.leg)
        if leg is not None:
            leg.execute(command, now)

    def originate(self, order: Originate, now: float) -> None:
        """Place a call; why it cannot be placed is reported."""
        if order.leg in self._legs:
            return
        if not self._kits:
            self._cannot(order.leg, DialFailure.NO_LINE, "every leg is in use")
            return
        self._endpoint.start_clock()
        caller = local_uri(self._config.aor, order.shown)
        try:
            call = self._endpoint.place(order.leg, order.target, order.address, caller)
        except CannotCall as error:
            self._cannot(order.leg, error.why, error.detail)
            return
        kit = self._lend(order.leg)
        self._legs[order.leg] = DialledLeg(call, Playout(), kit.audio, kit.ears, self._report, now)

    def probe(self, order: Probe) -> None:
        """Ask whether somebody is there; the answer is reported."""
        self._endpoint.befriend(order.target)
        self._endpoint.account.ask(order.number, order.target)

    def turn(self, now: float) -> None:
        """Act on what the callbacks have noted since the last turn, then on time. Before any order: one for a call
        that has just ended must not reach the call that has its slot now."""
        while self._endpoint.inbox:
            self._signal(self._endpoint.inbox.popleft(), now)
        self._bury()
        self._forget_invites(now)
        self._rest(now)
        listen = any(leg.due for leg in self._legs.values())
        for leg in self._legs.values():
            leg.tick(now, listen=listen)
        self._register(now)
        for event in self._endpoint.door.turn(now):
            self._report(event)

    def release_all(self, now: float) -> None:
        """End every call and the registration."""
        for leg in self._legs.values():
            leg.release(now)
        if self._watch is not None:
            self._watch = None
            self._endpoint.account.unregister()

    def drop_all(self) -> None:
        """Let go of every call and port: nothing of pjsua2 may outlive the library."""
        for leg in list(self._legs.values()):
            self._drop(leg, 0.0)
        self._endpoint.inbox.clear()
        self._endpoint.stop_clock()
        self._gone.clear()
        self._kits.clear()

    def _call_ids(self) -> set[str]:
        return {leg.sip_id for leg in self._legs.values() if leg.sip_id is not None}

    def _signal(self, signal: Signal, now: float) -> None:
        match signal:
            case Offered(call, invite):
                self._offer(call, invite)
            case Refused(call):
                self._gone.append(call)
            case Registration():
                if signal.source:
                    self._endpoint.door.keeper.befriend(signal.source)
                self._registered(signal, now)
            case Sought(host):
                self._report(Locate(host))
            case OptionsAnswered(number, status, reason):
                self._report(Probed(number, status, reason))
            case PhaseChanged() | Trying() | MediaChanged() | Pressed():
                leg = self._legs.get(signal.leg)
                if leg is not None:
                    leg.signal(signal, now)
                    if leg.disconnected:
                        self._drop(leg, now)

    def _bury(self) -> None:
        """Drop ended calls. pjsua2 knows a call by its slot alone: dropping one hangs up whoever has the slot by
        then, and a new INVITE may have taken it in the very turn in which the old call ended.
        """
        self._gone = [call for call in self._gone if call.isActive()]

    def _forget_invites(self, now: float) -> None:
        """A CANCEL that nobody answers would hold its call's slot for 32 s."""
        while self._invites and now - self._invites[0][0] >= RELEASE_LIMIT:
            self._endpoint.end_invite(self._invites.popleft()[1])

    def _rest(self, now: float) -> None:
        """Stop the media clock once there has been no call for a while."""
        if self._legs:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = now
        elif now - self._idle_since >= REST_AFTER:
            self._endpoint.stop_clock()

    def _offer(self, call: SipCall, invite: str) -> None:
        self._endpoint.start_clock()
        kit = self._lend(call.leg)
        self._legs[call.leg] = Leg(call, Playout(), kit.audio, kit.ears, self._report)
        self._report(CallOffered(call.leg, called_number_of(invite)))
        self._report(CallerIdReceived(call.leg, caller_id_of(invite)))

    def _lend(self, leg: str) -> _Kit:
        kit = self._lent[leg] = self._kits.pop()
        return kit

    def _cannot(self, leg: str, why: DialFailure, detail: str) -> None:
        self._report(DialFailed(leg, why, detail))
        self._report(LegReleased(leg))

    def _drop(self, leg: Leg, now: float) -> None:
        kit = self._lent.pop(leg.name)
        kit.audio.end()
        call = self._legs.pop(leg.name).drop()
        self._gone.append(call)
        if call.branch is not None:
            self._invites.append((now, call.branch))
        kit.ears.reset()
        self._kits.append(kit)

    def _registered(self, answer: Registration, now: float) -> None:
        if self._watch is not None:
            for event in self._watch.receive(answer, now):
                self._report(event)

    def _register(self, now: float) -> None:
        if self._watch is None:
            return
        for event in self._watch.overdue(now):
            self._report(event)
        if self._watch.retries(now):
            self._endpoint.account.register()
