"""ET-3: the promised time is kept. What a dialplan promises in words is a deadline, or a fault."""

from pathlib import Path

import pytest

from gateway.config import ConfigErrors, GatewayConfig
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.dialplan import load_dialplan, load_for
from gateway.dialplan.promise import promise_of, promised_seconds
from tests.unit.dialplan.findings import over

pytestmark = pytest.mark.unit

HOUR = 3600
PROMISES = {
    "24小时": 24 * HOUR,
    "24 小时": 24 * HOUR,
    "两小时": 2 * HOUR,
    "1个小时": HOUR,
    "半小时": HOUR / 2,
    "半个小时": HOUR / 2,
    "一个半小时": 1.5 * HOUR,
    "2个半钟头": 2.5 * HOUR,
    "30分钟": HOUR / 2,
    "十五分钟": HOUR / 4,
    "四十八小时": 48 * HOUR,
    "二十四小时": 24 * HOUR,
    "2天": 48 * HOUR,
    "3个工作日": 72 * HOUR,
    "三个工作日": 72 * HOUR,
    "一周": 168 * HOUR,
}
NONE = (
    "",
    "尽快",
    "24小时内",
    "随便几天",
    "当天",
    "半天",
    "一个半工作日",
    "0小时",
    "小时",
    "1-2小时",
    "两十天",
    "百天",
)


@pytest.mark.parametrize("text", [*PROMISES, *NONE])
def test_a_promised_time_is_understood_or_is_none(text: str) -> None:
    assert promised_seconds(text) == PROMISES.get(text)


def site(folder: Path, dialplan: str, more: str = "") -> GatewayConfig:
    lines = '[[lines]]\nid = "a"\ndriver = "fxo"\nport = "/dev/x"\n'
    return config_of(parse_document(folder / "gateway.toml", f'dialplan = "{dialplan}"\n{more}{lines}'), {})


def test_et3_the_site_s_own_dialplan_promises_and_its_gateway_toml_goes_first(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    own = 'base = "service-desk"\n[parameters]\npromised_time = "两小时"\n'
    (tmp_path / "mine" / "dialplan.toml").write_text(own, encoding="utf-8")
    assert promise_of(load_for(site(tmp_path, "mine"))) == 2 * HOUR
    sooner = '[parameters]\npromised_time = "半小时"\n'
    assert promise_of(load_for(site(tmp_path, "mine", sooner))) == HOUR / 2
    assert promise_of(load_dialplan("service-desk")) == 24 * HOUR
    assert promise_of(load_dialplan("jihua-gas")) is None, "it promises no time"


def test_et3_a_promise_that_is_no_time_is_a_fault_where_it_is_given(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as errors:
        load_for(site(tmp_path, "service-desk", '[parameters]\npromised_time = "半天"\n'))
    (fault,) = errors.value.faults
    assert str(fault).startswith(
        f"{tmp_path}/gateway.toml:3: parameters.promised_time: 「半天」 is no time from which a ticket's deadline "
        "follows (ET-3); allowed: a number of 分钟, 小时, "
    )
    (told,) = over("tietong-keyaccount", '[parameters]\npromised_time = "尽快"')
    assert told.startswith("3: parameters.promised_time: 「尽快」 is no time ")
    (told,) = over("tietong-keyaccount", '[parameters]\npromised_time = ""')
    assert told.startswith("3: parameters.promised_time: 「」 is no time ")


def test_a_parameter_of_that_name_in_which_nothing_is_promised_is_free() -> None:
    faults = over("jihua-gas", '[parameters]\npromised_time = "尽快"')
    assert [fault for fault in faults if "is no time" in fault] == []
