"""No number gets onto the wallboard, whatever the feed may show."""

import json

import pytest

from gateway.wallboard.store import MOST, Store

pytestmark = pytest.mark.unit

NUMBER = "13812345678"


@pytest.mark.parametrize(
    "payload",
    [
        {"caller": NUMBER},
        {"number": NUMBER},
        {"number": int(NUMBER)},
        {"calls": [{"call": "x", "caller": NUMBER}]},
        {"calls": [{"answers": [{"digits": NUMBER}]}]},
        {"detail": f"call of {NUMBER} failed"},
        {"cause": f"sip:{NUMBER}@pbx"},
        {"caller": [NUMBER]},
    ],
    ids=json.dumps,
)
def test_numbers_are_masked_however_deep(payload: dict[str, object]) -> None:
    store = Store()
    changed = json.dumps(store.take({"line/a/state": payload}))
    assert NUMBER not in changed
    assert NUMBER not in json.dumps(store.shown()["line/a/state"])
    assert "5678" in changed, "masked, and not left out"


def test_what_is_masked_stays_so_and_names_stay_whole() -> None:
    payload = {"caller": "138****5678", "call": "20260218-093000-13812345678-5f03ab", "agent": "801", "rings": 2}
    assert Store().take({"line/a/state": payload}) == {"line/a/state": payload}


def test_only_what_is_new_has_changed() -> None:
    store = Store()
    assert store.take({"a": {"n": 1}, "b": {"n": 1}, "c": None}) == {"a": {"n": 1}, "b": {"n": 1}}
    assert store.take({"a": {"n": 1}, "b": None}) == {"b": None}
    assert store.shown() == {"a": {"n": 1}}


def test_it_does_not_grow_without_bound() -> None:
    store = Store()
    store.take({f"ticket/{n}/state": {"n": n} for n in range(MOST + 10)})
    assert len(store.shown()) == MOST
    assert store.take({"ticket/0/state": {"n": 7}}) == {"ticket/0/state": {"n": 7}}
