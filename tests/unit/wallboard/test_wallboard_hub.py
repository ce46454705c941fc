"""What a browser is sent: everything first, then what changes; after a pause everything anew; staleness; room."""

import json
from typing import Any

import pytest

from gateway.wallboard.hub import ALIVE, STALE, TICK, Hub, NoRoom

pytestmark = pytest.mark.unit


class Scene:
    """A hub in virtual time."""

    def __init__(self, most: int = 3, of_one: int = 2) -> None:
        self.time = 0.0
        self.hub = Hub(
            "jinan", lambda: self.time, lambda: str(self.time), most=most, of_one_source=lambda _: of_one
        )

    def turn(self, seconds: float = TICK, *, fed: bool = True) -> None:
        for _ in range(round(seconds / TICK)):
            self.time += TICK
            if fed:
                self.hub.take({})
            self.hub.tick()


def events(sent: bytes) -> list[tuple[str, Any]]:
    found = []
    for part in sent.decode().split("\n\n")[:-1]:
        name, data = part.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def state(value: int) -> dict[str, Any]:
    return {"line/a/state": {"seq": value}}


def test_everything_comes_first_and_then_what_has_changed() -> None:
    scene = Scene()
    scene.hub.take(state(1) | {"kpi": {"offered": 1}})
    scene.turn()
    seat = scene.hub.join("a")
    assert seat.news.is_set()
    [(name, told)] = events(seat.fetch())
    assert name == "snapshot"
    assert told["site"] == "jinan"
    assert told["messages"] == state(1) | {"kpi": {"offered": 1}}
    scene.hub.take(state(2) | {"kpi": None})
    scene.turn()
    assert [event for event in events(seat.fetch()) if event[0] == "change"] == [
        ("change", {"at": "0.4", "messages": state(2) | {"kpi": None}})
    ]


def test_many_changes_between_two_ticks_are_one() -> None:
    scene = Scene()
    seat = scene.hub.join("a")
    seat.fetch()
    for value in range(50):
        scene.hub.take(state(value))
    scene.turn()
    [(_, told)] = events(seat.fetch())
    assert told["messages"] == state(49)


def test_who_falls_behind_gets_everything_and_no_backlog() -> None:
    scene = Scene()
    slow, quick = scene.hub.join("a"), scene.hub.join("b")
    slow.fetch(), quick.fetch()
    for value in range(100):
        scene.hub.take(state(value))
        scene.turn()
        assert {name for name, _ in events(quick.fetch())} <= {"change", "alive"}
    [(name, told)] = events(slow.fetch())
    assert (name, told["messages"]) == ("snapshot", state(99))
    scene.turn()
    assert slow.fetch() == quick.fetch()


def test_a_sign_of_life_comes_whether_or_not_anything_changes() -> None:
    scene = Scene()
    seat = scene.hub.join("a")
    seat.fetch()
    names = []
    for value in range(round(3 * ALIVE / TICK)):
        scene.hub.take(state(value))
        scene.turn()
        names += [name for name, _ in events(seat.fetch())]
    assert names.count("alive") == 3


def test_it_is_stale_when_the_gateway_tells_nothing_and_for_newcomers_too() -> None:
    scene = Scene()
    seat = scene.hub.join("a")
    seat.fetch()
    scene.turn(2.0)
    seat.fetch()
    heard: list[tuple[str, Any]] = []
    for _ in range(round((STALE + ALIVE + TICK) / TICK)):
        scene.turn(fed=False)
        heard += events(seat.fetch()) if seat.news.is_set() else []
    name, told = heard[-1]
    assert name == "stale"
    assert float(told["since"]) == pytest.approx(2.0)
    assert [name for name, _ in events(scene.hub.join("b").fetch())] == ["snapshot", "stale"]
    scene.turn(ALIVE)
    assert events(seat.fetch())[-1][0] == "alive"
    assert not scene.hub.stale


def test_there_is_room_for_so_many_and_for_so_many_of_one_address() -> None:
    scene = Scene(most=3, of_one=2)
    first = scene.hub.join("a")
    scene.hub.join("a")
    with pytest.raises(NoRoom, match="of this address"):
        scene.hub.join("a")
    scene.hub.join("b")
    with pytest.raises(NoRoom, match="3 browsers"):
        scene.hub.join("c")
    scene.hub.leave(first)
    scene.hub.leave(first)
    assert scene.hub.seats == 2
    scene.hub.join("c")
    with pytest.raises(NoRoom):
        scene.hub.join("c")
