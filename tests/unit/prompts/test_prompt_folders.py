"""Which recordings go before synthesis: the dialplan's own always, a base's where it says the same words."""

from pathlib import Path

import pytest

from gateway.dialplan import Dialplan, load_dialplan
from gateway.prompts import PromptBook
from gateway.prompts.folders import OwnRecordings
from tests.unit.prompts.studio import JIHUA, own_dialplan, record, tone

pytestmark = pytest.mark.unit

PARAMETERS = '\n[parameters]\ncompany = "济华"\n'
CHILD = 'base = "../base"\ntitle = "另一条热线"\n'
FURTHER = '[further]\ntext = "请问您还有其他问题吗?"\n'


@pytest.fixture
def base(tmp_path: Path) -> Dialplan:
    return own_dialplan(tmp_path / "base")


def child(base: Dialplan, text: str = "") -> Dialplan:
    return own_dialplan(base.folder.parent / "child", CHILD + text)


def found(dialplan: Dialplan, key: str, agents: tuple[str, ...] = ()) -> Path | None:
    own = OwnRecordings(dialplan)
    segments = [*own.segments, *own.wholes(agents)]
    return next((own.file(segment) for segment in segments if segment.key == key), None)


@pytest.mark.parametrize("key", ["further", "silent-2", "greeting-part1", "digit-7", "phrase-dialect"])
def test_a_bases_recording_is_used_where_its_text_is_unchanged(base: Dialplan, key: str) -> None:
    file = record(base, key, tone(1.0))
    assert found(child(base), key) == file


def test_the_childs_own_goes_before_the_bases(base: Dialplan) -> None:
    record(base, "further", tone(1.0))
    below = child(base)
    file = record(below, "further", tone(1.0))
    assert found(below, "further") == file


def test_a_changed_text_does_not_speak_the_bases_words(base: Dialplan, tmp_path: Path) -> None:
    record(base, "further", tone(1.0))
    changed = child(base, FURTHER)
    assert found(changed, "further") is None
    states = {segment.key: state for segment, _, state in PromptBook(changed, tmp_path).listing()}
    assert states["further"] == "missing"


def test_a_ladder_that_lost_a_step_does_not_speak_the_wrong_one(base: Dialplan) -> None:
    for step in ("silent-1", "silent-2"):
        record(base, step, tone(1.0))
    shorter = child(base, '[silent_line]\nclause = "HG-6"\nsteps = ["您的电话已接通,请讲话。"]\n')
    assert found(shorter, "silent-1") is None


def test_digits_and_numbers_of_agents_follow_the_same_rule(base: Dialplan) -> None:
    whole = record(base, "greeting-802", tone(1.0))
    assert found(child(base), "greeting-802", ("801", "802")) == whole
    changed = child(base, '[greeting]\ntext = "您好!{agent}号为您服务"\n')
    assert found(changed, "greeting-802", ("801", "802")) is None


def test_a_changed_parameter_is_a_changed_text(tmp_path: Path) -> None:
    text = JIHUA.replace("济华热线{agent}号", "{company}热线{agent}号").replace(
        "\n[answer]", PARAMETERS + "\n[answer]"
    )
    base = own_dialplan(tmp_path / "base", text)
    file = record(base, "greeting-part1", tone(1.0))
    assert found(child(base), "greeting-part1") == file
    assert found(child(base, '[parameters]\ncompany = "润发"\n'), "greeting-part1") is None


def test_through_two_bases(base: Dialplan, tmp_path: Path) -> None:
    file = record(base, "farewell", tone(1.0))
    record(base, "further", tone(1.0))
    child(base, FURTHER)
    grandchild = own_dialplan(tmp_path / "grandchild", 'base = "../child"\n')
    assert found(grandchild, "farewell") == file
    assert found(grandchild, "further") is None


def test_what_cannot_be_looked_at_is_not_taken_for_missing(base: Dialplan) -> None:
    loop = base.folder / "prompts" / "further.wav"
    loop.symlink_to(loop)
    assert found(base, "further") is None  # leads nowhere: as if it were not there
    assert found(load_dialplan("jihua-gas"), "further") is None
