"""`sansheng demo`: raise the curtain, let every customer call, show the lines live, judge the calls at the end."""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway.app import Gateway
from gateway.config import ConfigErrors, load_config
from gateway.config.models import GatewayConfig
from gateway.demo.agent import Agent
from gateway.demo.cast import AT_THE_DESK, CAST, PUT_THROUGH, SERVED_BY_THE_LINE, Part
from gateway.demo.customers import fxo_customer, sip_customer
from gateway.demo.desk import Desk, TelephoneMissing
from gateway.demo.stage import Stage
from gateway.demo.table import LiveTable
from gateway.demo.verdict import verdict
from gateway.records import CallRecord, Store
from gateway.records.configured import records_config

TIME_LIMIT = 150.0
"""Seconds after which a customer who is still on the line means that the demo has failed."""
TABLE_WIDTH = 120
"""Columns the calls table takes at least, so that a pipe gets it whole."""
ONLINE_LIMIT = 15.0
"""Seconds in which, on the slowest machine, the broker is up, and the desk's agents are seen to be free."""


def demo(*, verbose: bool = False) -> int:
    """The whole demo in a folder of its own, removed afterwards. 0 where every call ended by the standard."""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.ERROR)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="sansheng-demo-") as folder:
        try:
            calls = asyncio.run(_perform(Path(folder), console))
        except (ConfigErrors, TelephoneMissing, TimeoutError) as error:
            console.print(f"[red]The demo could not be played:[/] {escape(str(error) or 'it took too long')}")
            return 1
        except KeyboardInterrupt:
            return 130
    return _judge(calls, console)


async def _perform(folder: Path, console: Console) -> list[CallRecord]:
    async with AsyncExitStack() as stack:
        stage = Stage(folder)
        console.print("Plugging in five emulated modems and two agents' telephones …")
        config = load_config(await stage.set_up(stack))
        console.print("Starting the gateway with its softphones and its broker …")
        gateway = Gateway(config)
        await gateway.start()
        stack.push_async_callback(gateway.stop)
        async with asyncio.timeout(ONLINE_LIMIT):
            await gateway.feed.online.wait()
        url, root = gateway.feed.url, f"{config.mqtt.base_topic}/{config.site}"
        desk = Desk(url, root, AT_THE_DESK)
        for client in (LiveTable(url, root, console).show(), Agent(url, root, "sip1").serve(), desk.serve()):
            stack.push_async_callback(_end, asyncio.create_task(client))
        async with asyncio.timeout(ONLINE_LIMIT):
            await desk.free.wait()
        async with asyncio.timeout(TIME_LIMIT):
            await _play(stage, desk, console)
    return _calls(config)


async def _play(stage: Stage, desk: Desk, console: Console) -> None:
    """Both acts, until every customer's call is over."""
    console.print(f"{len(PUT_THROUGH)} customers call and are put through to {' and '.join(AT_THE_DESK)}.")
    console.print("The agents hang up first: the customers' lines stay.")
    engaged = asyncio.create_task(desk.engaged.wait())
    async with asyncio.TaskGroup() as group:
        talks = [group.create_task(_call(part, stage)) for part in PUT_THROUGH]
        # Should a call fail, the others are shown all the same, and the table tells what has failed.
        await asyncio.wait((engaged, *talks), return_when=asyncio.FIRST_COMPLETED)
        engaged.cancel()
        console.print(f"Nobody is left at the desk. {len(SERVED_BY_THE_LINE)} customers call, all the same:")
        console.print("the line serves them alone. They talk, stay silent, make noise, ring off.")
        console.print("One of them asks his agent's name: the agent has the number told him, by an MQTT command.")
        for part in SERVED_BY_THE_LINE:
            group.create_task(_call(part, stage))


async def _call(part: Part, stage: Stage) -> None:
    if part.line in stage.modems:
        await fxo_customer(part, stage.modems[part.line])
    else:
        await sip_customer(part, stage)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _calls(config: GatewayConfig) -> list[CallRecord]:
    with Store(records_config(config)) as store:
        return store.calls()


def _judge(calls: Sequence[CallRecord], console: Console) -> int:
    """The calls table; 0 where each customer's call is there once and ended as the standard orders."""
    table = Table(title="The calls, from their records", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("customer", "line", "rings", "outcome", "released by", "prompts heard", "standard"):
        table.add_column(column, justify="right" if column == "rings" else "left")
    good = True
    for part in CAST:
        for call in (found := [call for call in calls if call.caller == part.number]):
            went = verdict(part, call)
            good = good and went.kept and len(found) == 1
            table.add_row(
                part.kind,
                call.line,
                str(call.rings),
                str(call.outcome),
                f"{call.released_by}: {call.cause}",
                " ".join(prompt.prompt for prompt in call.prompts) or "–",
                f"[{'green' if went.kept else 'red'}]{escape(went.words)}[/]",
            )
        good = good and bool(found)
    Console(width=max(console.width, TABLE_WIDTH)).print(table)
    console.print(
        "[green]Every call was kept by the standard.[/]"
        if good
        else "[red]Not every call went by the standard.[/]"
    )
    return 0 if good else 1
