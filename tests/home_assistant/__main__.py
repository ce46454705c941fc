"""`python -m tests.home_assistant DIR`: the Home Assistant that set_up.sh made in DIR is shown a gateway. Exit
code 0 where it shows all of it, rightly."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.broker import Mosquitto
from tests.home_assistant.scenario import Scenario
from tests.home_assistant.server import home_assistant


async def check(environment: Path, folder: Path) -> None:
    broker = Mosquitto(folder)
    await broker.start()
    try:
        async with home_assistant(environment / "hass", folder / "config") as server:
            await Scenario(server, broker).play()
    finally:
        broker.kill()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.home_assistant")
    parser.add_argument("environment", type=Path, help="what tests/home_assistant/set_up.sh made")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sansheng-home-assistant-") as folder:
        asyncio.run(check(arguments.environment.resolve(), Path(folder)))


if __name__ == "__main__":
    main()
