"""What happens to a cluster, and what must hold. Each scenario leaves it as it was: all up, no call."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from drivers.sip.in_service import HELD_UP
from tests.broker import PATIENCE
from tests.cluster.callers import ANSWER, RoutedCaller, Trunk
from tests.cluster.scene import LINES, PORT, PROXY, Cluster, Node
from tests.sip.peer.caller import Caller, turned_away

QUIET = 1.0
"""Seconds without a packet after which a caller hears nothing: fifty are due in that time."""


async def full_line(cluster: Cluster) -> str:
    """A line that is full without Kamailio's knowledge says 486, and the call is answered elsewhere."""
    line = f"{cluster.nodes['a'].address}:{PORT}"
    direct = Trunk(line, PROXY, prefix="139")  # from Kamailio's own address, past it
    try:
        await direct.answered_calls(4)
        calls = await cluster.trunk.answered_calls(3 * LINES)
        spread = Counter(call.line for call in calls)
        assert spread[line] == 0, spread
        assert max(spread.values()) == 2, spread
        await end(calls)
        await end(direct.callers)
    finally:
        direct.close()
    return f"{len(calls)} calls on {3 * LINES - 1} lines, one after 486; {slowest(calls)}"


async def killed(cluster: Cluster) -> str:
    """A machine dies in mid-load."""
    victim = cluster.nodes["b"]
    usual = await cluster.trunk.answered_calls(42)
    limit = ANSWER + max(call.waited for call in usual)
    spread = Counter(call.gateway for call in usual)
    assert len(spread) == 3, spread
    assert min(spread.values()) >= 11, f"14 each on a machine that has time: {spread}"
    flow = asyncio.create_task(flowing(cluster, 18))
    await asyncio.sleep(1)
    victim.signal(signal.SIGKILL)
    late = await flow
    # A call that had rung there in the very moment is the victim's; all others are answered in time.
    assert all(call.waited <= limit for call in late), slowest(late)
    both = [*usual, *late]
    lost = [call for call in both if call.gateway == victim.address]
    kept = [call for call in both if call.gateway != victim.address]
    assert all(call.gateway != victim.address for call in late[-9:])
    await asyncio.sleep(QUIET)
    up = [call for call in usual if call in kept]
    assert all(call.heard_until() < QUIET for call in up), "a survivor's caller hears nothing"
    assert all(call.heard_until() >= QUIET for call in usual if call in lost)
    await end(up)
    await victim.gateway.ended()
    for call in lost:
        call.bye()
    victim.gateway = await victim.site.start()
    await cluster.balancer.until("A")
    await recorded(cluster, kept, released_by="customer")
    open_then = [call for call in lost if call in usual]
    await recorded(cluster, open_then, released_by="fault")
    return f"60 calls, {len(open_then)} lost, on record as fault, {len(kept)} kept; {slowest(late)}"


async def frozen(cluster: Cluster) -> str:
    """A machine stops, and goes on later: its calls wait, new ones do not, and none rings there afterwards."""
    node = cluster.nodes["c"]
    before = await cluster.trunk.answered_calls(3)
    node.signal(signal.SIGSTOP)
    try:
        calls = await cluster.trunk.answered_calls(9, at_once=3)
        assert all(call.gateway != node.address for call in calls)
        assert max(call.waited for call in calls) <= ANSWER + max(call.waited for call in before), slowest(calls)
        await asyncio.sleep(HELD_UP)  # a shorter stop the softphone does not notice
    finally:
        node.signal(signal.SIGCONT)
    await cluster.balancer.until("A")
    await end([*before, *calls])
    await recorded(cluster, [*before, *calls], released_by="customer")
    return f"{len(calls)} calls beside a machine that stood still; {slowest(calls)}"


async def hung_line(cluster: Cluster) -> str:
    """One softphone hangs: its callers alone lose their call."""
    calls = await cluster.trunk.answered_calls(2 * 3 * LINES)
    victim = calls[0].line
    node = cluster.node_at(calls[0].gateway)
    worker = next(w for w in node.gateway.workers() if victim in _addresses(w))
    worker.send_signal(signal.SIGSTOP)
    beside = await cluster.trunk.answered_calls(6, at_once=3)
    await node.gateway.logged("the worker hung and was killed")
    others = [call for call in [*calls, *beside] if call.line != victim]
    await asyncio.sleep(QUIET)
    assert all(call.heard_until() < QUIET for call in others), "another line's caller hears nothing"
    await end(others)
    lost = [call for call in calls if call.line == victim]
    for call in lost:
        call.bye()
    await cluster.balancer.until("A")
    await recorded(cluster, lost, released_by="fault")
    await recorded(cluster, others, released_by="customer")
    return f"{len(lost)} calls lost with their line, {len(others)} kept; {slowest(beside)}"


async def hung_gateway(cluster: Cluster) -> str:
    """A gateway's own process hangs: its softphones say 503, so Kamailio takes them out, and it back."""
    node = cluster.nodes["a"]
    node.gateway.send(signal.SIGSTOP)
    try:
        await cluster.balancer.until("TI", node.address)
        calls = await cluster.trunk.answered_calls(6)
        assert all(call.gateway != node.address for call in calls)
    finally:
        node.gateway.send(signal.SIGCONT)
    await cluster.balancer.until("A")
    await end(calls)
    return f"{len(calls)} calls beside it; {slowest(calls)}"


async def drained(cluster: Cluster) -> str:
    """`gateway-state drain`: the gateway's calls go on, no new one comes, until `return`."""
    node = cluster.nodes["c"]
    up = await cluster.trunk.answered_calls(6)
    (call, *_) = [call for call in up if call.gateway == node.address]
    await cluster.balancer.command("drain", node.name)
    await cluster.balancer.until("D", node.address)
    calls = await cluster.trunk.answered_calls(9)
    assert all(each.gateway != node.address for each in calls)
    await goes_on(call)
    await cluster.balancer.command("return", node.name)
    await cluster.balancer.until("A")
    again = await cluster.trunk.answered_calls(9)
    assert any(each.gateway == node.address for each in again)
    await end([each for each in [*up, *calls, *again] if each is not call])
    return f"{len(calls)} calls beside it; {slowest(calls)}"


async def stopped(cluster: Cluster) -> str:
    """SIGTERM: new calls get 503 and go elsewhere at once, the live one ends by itself, then the gateway."""
    node = cluster.nodes["b"]
    up = await cluster.trunk.answered_calls(6)
    call, *others = [each for each in up if each.gateway == node.address]
    await end(others)
    node.gateway.send(signal.SIGTERM)
    await turned_away(*(f"sip:8801@{node.address}:{PORT + number}" for number in range(LINES)))
    calls = await cluster.trunk.answered_calls(9)
    assert all(each.gateway != node.address for each in calls)
    await cluster.balancer.until("TI", node.address)
    await goes_on(call)
    assert await node.gateway.ended() == 0
    node.gateway = await node.site.start()
    await cluster.balancer.until("A")
    await end([each for each in [*up, *calls] if each is not call and each not in others])
    await recorded(cluster, [call, *calls], released_by="customer")
    return f"{len(calls)} calls while it drained; {slowest(calls)}"


async def closed_door(cluster: Cluster) -> str:
    """Strangers are not answered, and nobody is relayed to elsewhere."""
    stranger = await Caller.open(f"sip:8801@{cluster.balancer.address}", address="127.0.0.66")
    (call,) = await cluster.trunk.answered_calls(1)
    elsewhere = await Caller.open(f"sip:8801@{cluster.balancer.address}", address="127.0.0.99")
    try:
        stranger.invite()
        stranger.request("OPTIONS")
        contact, call._contact = call._contact, f"sip:8801@127.0.0.99:{elsewhere.port}"
        assert await call.hang_up() == 403
        call._contact = contact
        call.messages.clear()
        await end([call])
        assert not stranger.messages, stranger.messages[0].start
        assert not elsewhere.messages, elsewhere.messages[0].start
    finally:
        stranger.close()
        elsewhere.close()
    return "a stranger hears nothing, a call's route leads to our lines alone"


async def flowing(cluster: Cluster, count: int) -> list[RoutedCaller]:
    """So many short calls, five a second."""

    async def short() -> RoutedCaller:
        call = await (await cluster.trunk.call()).answered()
        await asyncio.sleep(1.5)
        call.bye()  # nobody answers it where the gateway is dead; of others the record tells
        return call

    calls = []
    for _ in range(count):
        calls.append(asyncio.create_task(short()))
        await asyncio.sleep(0.2)
    return list(await asyncio.gather(*calls))


async def goes_on(call: RoutedCaller) -> None:
    """The call hears us, its re-INVITE and its BYE reach its gateway."""
    heard = len(call.rtp.packets)
    await call.rtp.wait_for_packets(heard + 25)
    await call.offer("sendrecv")
    status = await call.hang_up()
    assert status == 200, f"BYE: {status}"


async def end(calls: Sequence[RoutedCaller]) -> None:
    """All hang up, and their gateways say 200."""
    statuses = await asyncio.gather(*(call.hang_up() for call in calls))
    assert set(statuses) <= {200}, Counter(statuses)


async def recorded(cluster: Cluster, calls: Sequence[RoutedCaller], *, released_by: str) -> None:
    """Each is on record exactly once, with its whole number, at its gateway's site."""
    async with asyncio.timeout(PATIENCE):
        while True:
            records = await cluster.records()
            if all(record["ended_at"] for record in records):
                break
    for call in calls:
        found = [record for record in records if record["caller"] == call.user]
        told = [(record["site"], record["released_by"]) for record in found]
        node: Node = cluster.node_at(call.gateway)
        assert told == [(f"cluster-{node.name}", released_by)], f"{call.user} at {call.gateway}: {told}"


def slowest(calls: Sequence[RoutedCaller]) -> str:
    return f"the slowest answer after {max(call.waited for call in calls):.2f} s"


def _addresses(worker: object) -> set[str]:
    sockets = worker.net_connections(kind="udp")  # type: ignore[attr-defined]  # psutil's Process has no types
    return {f"{each.laddr.ip}:{each.laddr.port}" for each in sockets}


Scenario = Callable[[Cluster], Awaitable[str]]
SHORT: tuple[Scenario, ...] = (full_line, killed, stopped)
ALL: tuple[Scenario, ...] = (*SHORT, frozen, hung_line, hung_gateway, drained, closed_door)
