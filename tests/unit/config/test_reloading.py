"""What of a new gateway.toml holds at once, and what needs a restart."""

from pathlib import Path

import pytest

from gateway.config import load_config
from gateway.config.models import GatewayConfig
from gateway.reloading import Reload

pytestmark = pytest.mark.unit

LINE = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'


def config(folder: Path, text: str, **environ: str) -> GatewayConfig:
    file = folder / "gateway.toml"
    file.write_text(text)
    return load_config(file, environ)


def test_what_the_next_call_goes_by_holds_at_once(tmp_path: Path) -> None:
    old = config(tmp_path, f'site = "jinan"\ndrain_seconds = 30\n{LINE}')
    moved = LINE.replace("5062", "5072")
    keys = 'site = "jinan"\ndrain_seconds = 5\ndialplan = "service-desk"'
    new = config(tmp_path, f"{keys}\n{moved}[answer]\non_ring = 1\n")
    reload = Reload.of(old, new)
    assert reload.restart == ()
    assert reload.config.dialplan == "service-desk"
    assert reload.config.drain_seconds == 5
    assert reload.config.answer.on_ring == 1
    assert reload.config.lines[0].listen == "127.0.0.1:5072"  # type: ignore[union-attr]  # it is a SIP line


def agents(*numbers: int) -> str:
    """Tables of agents whose telephones are rung."""
    return "".join(
        f'[[agents]]\nnumber = "{number}"\nextension = "sip:{number}@127.0.0.1:6000"\n' for number in numbers
    )


def test_what_the_gateway_was_put_together_from_stays_and_is_named(tmp_path: Path) -> None:
    old = config(tmp_path, f'site = "jinan"\n{LINE}{agents(801)}')
    keys = 'site = "wuxi"\ndata_dir = "elsewhere"'
    tables = "[mqtt]\nbroker_port = 1884\n[desk]\nring_seconds = 9.0\n"
    reload = Reload.of(old, config(tmp_path, f"{keys}\n{LINE}{tables}{agents(801)}"))
    assert set(reload.restart) == {"site", "data_dir", "mqtt.broker_port", "desk.ring_seconds"}
    assert (reload.config.site, reload.config.data_dir) == ("jinan", "var")
    assert reload.config.mqtt == old.mqtt


def test_other_agents_hold_at_once_where_there_is_a_desk(tmp_path: Path) -> None:
    old = config(tmp_path, f"{LINE}{agents(801, 802)}")
    reload = Reload.of(old, config(tmp_path, f"{LINE}{agents(802, 803)}"))
    assert reload.restart == ()
    assert [agent.number for agent in reload.config.agents] == ["802", "803"]
    assert reload.config.names_agents


def test_the_first_agents_whose_telephones_ring_need_a_desk_and_so_a_restart(tmp_path: Path) -> None:
    old = config(tmp_path, LINE)
    reload = Reload.of(old, config(tmp_path, f"{LINE}{agents(801)}"))
    (told,) = reload.restart
    assert told.startswith("agents (")
    assert reload.config.agents == old.agents


def test_another_password_is_told_without_it(tmp_path: Path) -> None:
    old = config(tmp_path, LINE, SANSHENG_MQTT_PASSWORD="before")
    new = config(tmp_path, LINE, SANSHENG_MQTT_PASSWORD="afterwards")
    (told,) = Reload.of(old, new).restart
    assert told.startswith("mqtt")
    assert "afterwards" not in told


def test_another_password_of_a_line_is_another_line(tmp_path: Path) -> None:
    text = LINE + 'registrar = "sip:127.0.0.1"\n'
    old = config(tmp_path, text, SANSHENG_SIP1_PASSWORD="before")
    new = config(tmp_path, text, SANSHENG_SIP1_PASSWORD="afterwards")
    reload = Reload.of(old, new)
    assert reload.restart == ()
    assert reload.config.lines != old.lines


def test_more_callers_than_the_desk_can_ring_agents_for(tmp_path: Path) -> None:
    old = config(tmp_path, f"{LINE}{agents(*range(801, 821))}")
    new = config(tmp_path, f"{LINE}count = 4\n{agents(*range(801, 821))}")
    (told,) = Reload.of(old, new).restart
    assert told.startswith("lines (")
