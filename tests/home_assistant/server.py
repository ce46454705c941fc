"""A real Home Assistant: started, set up as a user does it, asked what it shows, stopped."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp

from tests.broker import free_port

FIRST_START = 900.0
"""Seconds: it installs what its frontend and its default parts need."""
PATIENCE = 60.0
"""Seconds for anything else."""
CLIENT = "http://127.0.0.1/"
WHO = {"client_id": CLIENT, "name": "Tester", "username": "tester", "password": "tester", "language": "en"}


class HomeAssistant:
    """One Home Assistant in `folder`, by the launcher that set_up.sh made."""

    def __init__(self, launcher: Path, folder: Path, session: aiohttp.ClientSession) -> None:
        self._launcher = launcher
        self._folder = folder
        self._session = session
        self._port = free_port()
        self._process: asyncio.subprocess.Process | None = None
        self._token = ""
        folder.mkdir(parents=True, exist_ok=True)
        http = f"http:\n  server_host: 127.0.0.1\n  server_port: {self._port}\n"
        (folder / "configuration.yaml").write_text(http + "logger:\n  default: warning\n")

    @property
    def log(self) -> str:
        """What it has complained of since its last start."""
        return (self._folder / "home-assistant.log").read_text()

    async def start(self) -> None:
        with (self._folder / "output").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                str(self._launcher), str(self._folder), stdout=output, stderr=output
            )
        async with asyncio.timeout(FIRST_START):
            while not await self._serves():
                assert self._process.returncode is None, (self._folder / "output").read_text()
                await asyncio.sleep(0.5)

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                await self._process.wait()
        self._process = None

    async def set_up(self, broker_port: int) -> None:
        """Make its first user, and give it the broker."""
        code = (await self._post("/api/onboarding/users", WHO))["auth_code"]
        form = {"grant_type": "authorization_code", "code": code, "client_id": CLIENT}
        async with self._session.post(self._url("/auth/token"), data=form) as answer:
            # Good for half an hour, longer than a check takes, and beyond a restart.
            self._token = (await answer.json())["access_token"]
        step = await self._post("/api/config/config_entries/flow", {"handler": "mqtt"})
        broker = {"broker": "127.0.0.1", "port": broker_port}
        made = await self._post(f"/api/config/config_entries/flow/{step['flow_id']}", broker)
        assert made["type"] == "create_entry", made

    async def states(self) -> dict[str, dict[str, Any]]:
        """Each entity's state and attributes by its id."""
        async with self._session.get(self._url("/api/states"), headers=self._headers) as answer:
            assert answer.status == 200, await answer.text()
            return {state["entity_id"]: state for state in await answer.json()}

    async def entities(self) -> dict[str, str]:
        """The id of each entity of MQTT by its unique id."""
        found = await self._ask("config/entity_registry/list")
        return {entity["unique_id"]: entity["entity_id"] for entity in found if entity["platform"] == "mqtt"}

    async def devices(self) -> dict[str, dict[str, Any]]:
        """The devices of MQTT by their identifier."""
        found = await self._ask("config/device_registry/list")
        return {name: device for device in found for domain, name in device["identifiers"] if domain == "mqtt"}

    async def press(self, button: str) -> None:
        await self._post("/api/services/button/press", {"entity_id": button})

    async def until(self, found: Callable[[dict[str, dict[str, Any]]], Any], what: str) -> Any:
        """Wait until `found` is content with the states."""
        states: dict[str, dict[str, Any]] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                while not (result := found(states := await self.states())):  # noqa: ASYNC110 - asked, it is simpler
                    await asyncio.sleep(0.2)
        except TimeoutError:
            shown = {name: state["state"] for name, state in states.items() if "sansheng" in name}
            raise AssertionError(f"{what}: not within {PATIENCE} s; shown: {shown}\n{self.log[-2000:]}") from None
        return result

    async def _serves(self) -> bool:
        with contextlib.suppress(aiohttp.ClientError):
            async with self._session.get(self._url("/api/"), headers=self._headers) as answer:
                # Before its first user is made it lets nobody in.
                return answer.status in (200, 401)
        return False

    async def _ask(self, what: str) -> list[dict[str, Any]]:
        async with self._session.ws_connect(self._url("/api/websocket"), max_msg_size=0) as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": what})
            answer = await socket.receive_json()
            assert answer["success"], answer
            result: list[dict[str, Any]] = answer["result"]
            return result

    async def _post(self, path: str, fields: dict[str, Any]) -> Any:
        async with self._session.post(self._url(path), json=fields, headers=self._headers) as answer:
            assert answer.status in (200, 201), f"{path}: {answer.status} {await answer.text()}"
            return await answer.json()

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}{path}"


@contextlib.asynccontextmanager
async def home_assistant(launcher: Path, folder: Path) -> AsyncIterator[HomeAssistant]:
    """One that is running, and stopped in the end."""
    async with aiohttp.ClientSession() as session:
        server = HomeAssistant(launcher, folder, session)
        try:
            await server.start()
            yield server
        finally:
            await server.stop()
