"""`sansheng database close-calls`: what a gateway that never came back left open in a database that it shared."""

import json
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from gateway.call.facts import Offered, Released
from gateway.cli.close_calls import close_calls
from gateway.records import Records, RecordsConfig
from gateway.records.store import Store
from tests.service.told import ZONE, talker

pytestmark = pytest.mark.unit


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The survivor's config. `lost` has two calls open, `kept` one."""
    for site, calls in (("lost", ("aa01", "aa02")), ("kept", ("bb01",))):
        records = Records(RecordsConfig(site=site, url=f"sqlite:///{tmp_path}/calls.db", data_dir=tmp_path / site))
        records.start()
        for call in calls:
            for notice in talker(call=call).notices:
                if isinstance(notice.fact, Released):
                    break
                fact = replace(notice.fact, site=site) if isinstance(notice.fact, Offered) else notice.fact
                records.receive(replace(notice, fact=fact))
        records.stop()
    path = tmp_path / "gateway.toml"
    path.write_text(
        'site = "survivor"\ndialplan = "jihua-gas"\n'
        f"[records]\nurl = {json.dumps(f'sqlite:///{tmp_path}/calls.db')}\n"
        '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
        '[[agents]]\nnumber = "801"\n'
    )
    return path


def on_record(config: Path) -> dict[str, tuple[str | None, str | None]]:
    with Store(
        RecordsConfig(site="survivor", url=f"sqlite:///{config.parent}/calls.db", data_dir=config.parent)
    ) as store:
        return {record.call: (record.released_by, record.cause) for record in store.calls()}


def test_the_calls_of_that_site_alone_are_closed(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(on_record(config).values()) == {(None, None)}
    assert close_calls(config, "lost", "10m") == 0
    assert capsys.readouterr().out.split() == ["aa01", "aa02"]
    fault = ("fault", "gateway stopped")
    assert on_record(config) == {"aa01": fault, "aa02": fault, "bb01": (None, None)}


def test_a_gateway_that_has_told_something_lately_is_not_gone(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = talker(call="x").notices[0].at
    minutes = int((datetime.now(ZONE) - began).total_seconds() / 60) + 60
    assert close_calls(config, "lost", f"{minutes}m") == 1
    assert "it is not gone" in capsys.readouterr().err
    assert set(on_record(config).values()) == {(None, None)}


@pytest.mark.parametrize(
    ("site", "silent", "code", "told"),
    [
        ("survivor", "10m", 1, "own site"),
        ("nobody", "10m", 1, "nothing of this site"),
        ("lost", "soon", 2, "--silent soon"),
    ],
)
def test_what_cannot_be_meant(
    config: Path, capsys: pytest.CaptureFixture[str], site: str, silent: str, code: int, told: str
) -> None:
    assert close_calls(config, site, silent) == code
    assert told in capsys.readouterr().err


def test_a_gateway_that_lives_is_not_gone_however_quiet(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    living = RecordsConfig(site="lost", url=f"sqlite:///{config.parent}/calls.db", data_dir=config.parent / "lost")
    records = Records(living)
    records.start()
    records.receive(
        replace(talker(call="aa03").notices[0], fact=Offered("lost", "sip1", "sip", "jihua-gas", "801"))
    )
    while records.spooled:
        time.sleep(0.01)
    assert close_calls(config, "lost", "10m") == 1
    told = capsys.readouterr()
    assert "a gateway of this site lives" in told.err
    assert "aa03" not in told.out
    records.stop()
    assert on_record(config)["aa03"] == (None, None)
