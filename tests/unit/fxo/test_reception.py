"""Whether audio comes: lost after a second of looking in vain, dead after five."""

import pytest

from drivers.fxo.errors import StreamLost
from drivers.fxo.reception import DEAD_AFTER, Reception
from drivers.line import MEDIA_LOST_AFTER

pytestmark = pytest.mark.unit


def looked(reception: Reception, since: float, until: float, every: float = 0.02) -> list[float]:
    """When it was told that audio is lost, by looks in the time after `since`."""
    looks = (since + every * number for number in range(1, round((until - since) / every) + 1))
    return [now for now in looks if reception.look(now)]


def test_lost_once_a_second_after_the_last_audio() -> None:
    reception = Reception()
    reception.began(10.0)
    assert not reception.heard(12.0)
    assert looked(reception, 12.0, 16.0) == [pytest.approx(12.0 + MEDIA_LOST_AFTER, abs=0.03)]
    assert reception.heard(16.0), "restored"
    assert not reception.heard(16.02)


def test_what_never_came_is_not_lost_but_dead_all_the_same() -> None:
    reception = Reception()
    reception.began(10.0)
    assert looked(reception, 10.0, 10.0 + DEAD_AFTER - 0.1) == []
    with pytest.raises(StreamLost):
        reception.look(10.1 + DEAD_AFTER)


def test_a_host_that_was_held_up_has_not_looked() -> None:
    reception = Reception()
    reception.began(0.0)
    reception.heard(1.0)
    assert not reception.look(4.0)
    assert not reception.heard(4.1)


def test_a_modem_that_plays_is_not_waited_for() -> None:
    reception = Reception()
    reception.began(0.0)
    reception.heard(1.0)
    assert looked(reception, 1.0, 1.8, every=0.1) == []
    reception.began(21.8)  # it has played for twenty seconds, and listens again
    assert looked(reception, 21.8, 22.7, every=0.1) == []


def test_a_loss_lasts_from_stream_to_stream() -> None:
    reception = Reception()
    reception.began(0.0)
    reception.heard(1.0)
    assert looked(reception, 1.0, 3.0)
    reception.began(7.0)
    assert looked(reception, 7.0, 11.0) == []
    assert reception.heard(11.0)
