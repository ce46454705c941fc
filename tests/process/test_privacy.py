"""No customer's number, however it is written, gets out of a gateway that was not told to show it (WD-11)."""

import asyncio
import contextlib
import json
import stat
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from drivers.emulator import Caller as FxoCaller
from drivers.emulator import EmulatedModem
from gateway.cli.main import app
from tests.broker import PATIENCE, watching
from tests.process.customers import A_CALL, Story
from tests.process.day import quick_exchange
from tests.process.desk_scene import DeskScene, desk_scene_in
from tests.process.gateway import fxo_line
from tests.process.material import REQUEST, voice
from tests.sip.conftest import free_port
from tests.sip.peer.caller import Caller

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

CALLER, NAME = "+8613711110001", "Zhang Sanfeng"
KEYED, GIVEN_UP, FOREIGN, LANDLINE = "13622220002", "13733330003", "+19005550199", "05319876543"
NATIONAL = ("13711110001", KEYED, GIVEN_UP, "19005550199", "5319876543")
"""What is in every written form of these numbers."""
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
SPOKEN_YAO = str.maketrans("0123456789", "零幺二三四五六七八九")


def forms_of(digits: str) -> set[str]:
    """How a number may be written, in JSON too."""
    groups = f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
    words = {digits.translate(SPOKEN), digits.translate(SPOKEN_YAO)}
    spaced = {separator.join(word) for word in (digits, *words) for separator in (" ", "、", "-")}
    plain = {digits, groups, groups.replace("-", " ")} | words | spaced
    return plain | {json.dumps(form)[1:-1] for form in plain}


FORMS = {form for digits in NATIONAL for form in forms_of(digits)} | {NAME}


def shown_in(text: str) -> set[str]:
    return {form for form in FORMS if form in text}


@dataclass
class Run:
    """A gateway that has served everybody, and what it let out."""

    scene: DeskScene
    metrics: str

    @property
    def data(self) -> Path:
        return self.scene.site.folder / "var"

    async def sansheng(self, *arguments: str, expected: int = 0) -> str:
        """Both outputs of a command."""
        config = ["-c", str(self.scene.site.config)]
        result = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, *config])
        assert result.exit_code == expected, (arguments, result.output)
        return result.output

    async def page(self, *arguments: str) -> str:
        file = self.scene.site.folder / "page"
        await self.sansheng(*arguments, str(file))
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        return file.read_text()


# -- the calls -------------------------------------------------------------------------------------------------


async def keys_in_a_number(scene: DeskScene, is_rung_for: asyncio.Event) -> None:
    """His agent does not come; he would rather be called back, and at another number than the one read back."""
    customer = await Caller.open(scene.target(), user=CALLER, display=NAME)
    story = Story(scene.watcher, CALLER)
    try:
        customer.invite()
        await customer.response("INVITE", 200)
        customer.rtp.start_sending()
        (await scene.rung_for(story)).reply(180)
        is_rung_for.set()
        await story.said("greeting")
        customer.rtp.start_sending(voice("打不着火"))
        await story.until("prompt_started", prompt="waiting-first")
        customer.rtp.press("1")
        await story.until("prompt_started", prompt="call-back-number")
        customer.rtp.press("2")
        await story.until("prompt_started", prompt="call-back-ask")
        for key in f"{KEYED}#":
            customer.rtp.press(key)
        await scene.watcher.until(lambda _: len(said(story, "call-back-number")) == 2)
        customer.rtp.press("1")
        asked = await story.until("call_back")
        assert (asked["source"], asked["confirmed"], asked["number"]) == ("keyed", True, "136****0002")
        customer.bye()
        await story.until("released")
    finally:
        customer.close()


def said(story: Story, prompt: str) -> list[object]:
    return [event for event in story.events if event["event"] == "prompt_started" and event["prompt"] == prompt]


async def gives_up(scene: DeskScene, number: str) -> None:
    customer = await Caller.open(scene.target("sip2"), user=number)
    story = Story(scene.watcher, number)
    try:
        customer.invite()
        await story.until("ring", rings=1)
        customer.cancel()
        if (await customer.final("INVITE", PATIENCE)).status == 200:
            customer.bye()  # he was answered just then
        await story.until("released")
    finally:
        customer.close()


async def calls_by_modem(scene: DeskScene, modem: EmulatedModem) -> None:
    call = modem.exchange.call(replace(FxoCaller.talking(REQUEST).hanging_up_after(1.0), number=LANDLINE))
    async with asyncio.timeout(A_CALL):
        await call.ended()
    await Story(scene.watcher, LANDLINE).until("released")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory, dialplan: Path) -> AsyncIterator[Run]:
    metrics = f"127.0.0.1:{free_port()}"
    async with contextlib.AsyncExitStack() as stack:
        modem = await stack.enter_async_context(EmulatedModem("usr5637", exchange=quick_exchange()))
        tables = (
            fxo_line("fxo1", modem.port),
            f'[metrics]\nlisten = "{metrics}"',
            "[records]\nretention_days = 30",
        )
        keys = {"agents": ["801"], "lines": ("sip1", "sip2"), "desk": "ring_seconds = 60.0", "options": ["-v"]}
        folder = tmp_path_factory.mktemp("privacy")
        scene = await stack.enter_async_context(desk_scene_in(folder, dialplan, *tables, **keys))
        is_rung_for = asyncio.Event()

        async def others() -> None:
            """Once the only agent is not theirs any more."""
            await is_rung_for.wait()
            await asyncio.gather(gives_up(scene, GIVEN_UP), gives_up(scene, FOREIGN), calls_by_modem(scene, modem))

        async with asyncio.TaskGroup() as everybody:
            everybody.create_task(keys_in_a_number(scene, is_rung_for))
            everybody.create_task(others())
        await scene.watcher.until(lambda w: [t for t, _, _ in w.heard if t.startswith("ticket/")])
        yield Run(scene, metrics)


async def everything(run: Run) -> dict[str, str]:
    """All that people and programs get to see of it, by where."""
    calls = await run.scene.site.calls()
    assert {call["caller"] for call in calls} == {CALLER, GIVEN_UP, FOREIGN, LANDLINE}
    asked = next(call["call"] for call in calls if call["caller"] == CALLER)
    async with watching(run.scene.broker_port) as (late, _):
        await late.until(lambda w: w.of("kpi"))
        retained = json.dumps(late.heard, ensure_ascii=False)
    await run.sansheng("numbers", "warn", KEYED, "--note", "骚扰")
    url = f"http://{run.metrics}/metrics"
    return {
        "log": run.scene.gateway.text,
        "feed": json.dumps(run.scene.watcher.heard, ensure_ascii=False),
        "retained": retained,
        "answers": json.dumps([await run.scene.ask(do=do) for do in ("tickets", "calls")], ensure_ascii=False),
        "metrics": (await asyncio.to_thread(lambda: urllib.request.urlopen(url).read())).decode(),
        "tickets": await run.sansheng("tickets", "list", "--json"),
        "ticket": await run.sansheng("tickets", "show", "1"),
        "numbers": await run.sansheng("numbers"),
        "agents": await run.sansheng("agents"),
        "erasures": await run.sansheng("numbers", "erasures"),
        "report": await run.sansheng("report", "--by", "line"),
        "report as JSON": await run.sansheng("report", "--json"),
        "report as CSV": await run.page("report", "--csv"),
        "report as page": await run.page("report", "--html"),
        "call's page": await run.page("calls", "show", asked, "--html"),
    }


async def test_no_output_shows_a_number(run: Run) -> None:
    told = await everything(run)
    assert {where: found for where, text in told.items() if (found := shown_in(text))} == {}
    keys = [p["digit"] for topic, p, _ in run.scene.watcher.heard if topic.endswith("/event") and "digit" in p]
    assert len([key for key in keys if key is None]) > len(KEYED)


async def test_they_are_shown_to_who_asks_for_them(run: Run) -> None:
    calls = await run.scene.site.calls()
    asked = next(call["call"] for call in calls if call["caller"] == CALLER)
    shown = {
        "tickets": await run.sansheng("tickets", "list", "--json", "--show-numbers"),
        "numbers": await run.sansheng("numbers", "--show-numbers"),
        "page": await run.page("calls", "show", asked, "--show-numbers", "--html"),
    }
    assert {where: KEYED in text for where, text in shown.items()} == dict.fromkeys(shown, True)
    assert {CALLER[3:], NAME} <= shown_in(shown["page"])


async def test_what_holds_them_is_its_owners_alone(run: Run) -> None:
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in run.data.rglob("*")}
    held = {
        path.relative_to(run.data): oct(mode)
        for path, mode in modes.items()
        if path.name.startswith("calls.db") or path.parts[len(run.data.parts)] in ("recordings", "spool")
    }
    assert {"calls.db", "recordings", "spool"} <= {path.parts[0] for path in held}
    assert any(path.suffix == ".wav" for path in held)
    wanted = {path: oct(0o700 if (run.data / path).is_dir() else 0o600) for path in held}
    assert held == wanted


async def test_who_is_erased_while_it_runs_is_in_no_file_any_more_and_no_figure_changes(run: Run) -> None:
    report = await figures(run)
    why = ("--why", "request 7", "--by", "Li", "--yes")
    await run.sansheng("numbers", "erase", LANDLINE, *why)
    await run.sansheng("numbers", "erase", f"0086{GIVEN_UP}", *why)
    assert await figures(run) == report
    assert "ticket 1" in await run.sansheng("numbers", "erase", CALLER, *why, expected=1)
    await run.sansheng("numbers", "erase", CALLER, *why, "--with-open-tickets")
    assert held_in(run.data, NATIONAL) == {KEYED, FOREIGN[1:]}  # on the list, and not asked for
    await run.sansheng("numbers", "erase", KEYED, *why)
    assert held_in(run.data, NATIONAL) == {FOREIGN[1:]}
    assert (await run.sansheng("numbers", "erasures")).count("request 7") == 4


async def figures(run: Run) -> dict[str, Any]:
    return json.loads(await run.sansheng("report", "--json")) | {"made_at": None}


def held_in(folder: Path, numbers: tuple[str, ...]) -> set[str]:
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return {
        number for number in numbers if any(form.encode() in data for form in forms_of(number) for data in files)
    }
