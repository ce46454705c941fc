"""Telephones of other makers, without a sound card: each a process, told what to do line by line.

Each keeps to a folder of its own and to 127.0.0.1.
"""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import wave
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Self

import numpy as np

from tests.broker import PATIENCE, free_port, tool
from tests.process.kamailio import REALM
from tests.sip.conftest import free_port as free_sip_port

MODULES = "/usr/lib/baresip/modules"


@dataclass(frozen=True)
class Account:
    """At a registrar on this machine, by digest."""

    port: int
    password: str

    @property
    def registrar(self) -> str:
        return f"sip:127.0.0.1:{self.port}"


class Client:
    """A program's log, line by line, and how it is ended."""

    program: str
    package: str

    def __init__(self, folder: Path, number: str, name: str | None = None) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.number = number
        self.name = name
        """To be shown beside the number."""
        self.port = free_sip_port()
        self.log: list[str] = []
        self._news = asyncio.Event()

    @property
    def uri(self) -> str:
        return f"sip:{self.number}@127.0.0.1:{self.port}"

    @property
    def heard(self) -> Path:
        """What it has heard, as a WAV; complete once it has ended."""
        return self.folder / "heard.wav"

    def samples(self) -> list[int]:
        """What it has heard, 8000 a second; once it has ended."""
        with wave.open(str(self.heard)) as file:
            assert file.getsampwidth() == 2
            heard = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            return heard[:: file.getnchannels() * file.getframerate() // 8000].tolist()

    async def _start(self, *options: str, env: dict[str, str] | None = None) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(tool(self.program, self.package), *options),
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), "TERM": "dumb", **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read())

    async def logged(self, pattern: str, *, count: int = 1, seconds: float = PATIENCE) -> str:
        """The `count`th line of the log that holds `pattern`, as soon as it is there."""
        try:
            async with asyncio.timeout(seconds):
                while len(found := [line for line in self.log if re.search(pattern, line)]) < count:
                    assert not self._reading.done(), f"{self.program} ended:\n" + "\n".join(self.log)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{self.program}: no {pattern!r} in:\n" + "\n".join(self.log[-60:])) from None
        return found[count - 1]

    async def _logged_since(self, since: int, pattern: str) -> None:
        """A line that holds `pattern`, of those that come after the first `since`."""
        before = sum(bool(re.search(pattern, line)) for line in self.log[:since])
        await self.logged(pattern, count=before + 1)

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self._note(line.decode(errors="replace").rstrip())

    def _note(self, line: str) -> None:
        self.log.append(line)
        self._news.set()

    async def end(self) -> None:
        """At once and for sure, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            async with asyncio.timeout(5):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        await self._reading
        print("\n".join(self.log))  # shown beside a failure


class Baresip(Client):
    """Told by its control port (netstrings of JSON), which tells its events as well."""

    program, package = "baresip", "baresip"

    @property
    def heard(self) -> Path:
        """What it has heard in its last call, as its module sndfile has written it."""
        return max(self.folder.glob("dump-*-dec.wav"), key=lambda file: file.stat().st_mtime)

    async def start(self, voice: Path, *, settings: str = "", account: Account | None = None) -> Self:
        """It says `voice`, then nothing. `settings`: parameters of its account."""
        control = free_port()
        name = f'"{self.name}" ' if self.name else ""
        uri, more = f"sip:{self.number}@127.0.0.1", "regint=0"
        if account is not None:
            uri = f"{uri}:{account.port}"
            more = f"auth_user={self.number};auth_pass={account.password};regint=600"
        modules = "\n".join(f"module {module}.so" for module in ("g711", "aufile", "sndfile"))
        (self.folder / "config").write_text(
            f"sip_listen 127.0.0.1:{self.port}\nnet_interface 127.0.0.1\n"
            f"audio_source aufile,{voice}\naudio_player none,none\n"
            f"ausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\nauplay_channels 1\n"
            f"snd_path {self.folder}\nctrl_tcp_listen 127.0.0.1:{control}\nmodule_path {MODULES}\n{modules}\n"
            "module_app account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n"
        )
        (self.folder / "accounts").write_text(f"{name}<{uri}>;{more};audio_codecs=PCMA,PCMU{settings}\n")
        (self.folder / "contacts").write_text("")
        await self._start("-4", "-f", str(self.folder))
        await self.logged("baresip is ready")
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", control)
        self._events = asyncio.create_task(self._follow())
        if account is not None:
            await self.logged("200 OK .*binding|REGISTER_OK")
        return self

    async def dial(self, target: str) -> None:
        self.tell("dial", target)

    async def rings(self, since: int) -> None:
        await self._logged_since(since, "CALL_INCOMING")

    async def answer(self) -> None:
        self.tell("accept")

    async def hold(self) -> None:
        self.tell("hold")

    async def resume(self) -> None:
        self.tell("resume")

    async def hang_up(self) -> None:
        self.tell("hangup")

    async def press(self, key: str) -> None:
        self.tell("sndcode", key)

    def tell(self, command: str, parameters: str = "") -> None:
        message = json.dumps({"command": command, "params": parameters}).encode()
        self._writer.write(b"%d:%b," % (len(message), message))

    async def _follow(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = (await self._reader.readuntil(b":"))[:-1]
                told: dict[str, Any] = json.loads((await self._reader.readexactly(int(length) + 1))[:-1])
                self._note(f"{told.get('type', 'response')} {told}")

    async def end(self) -> None:
        await super().end()
        if not hasattr(self, "_writer"):
            return  # it did not get as far
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        await self._events


class Linphone(Client):
    """Told by its standard input."""

    program, package = "linphonec", "linphone-cli"

    async def start(
        self,
        voice: Path,
        *,
        sip: str = "",
        codecs: tuple[str, ...] = ("PCMA", "PCMU"),
        account: Account | None = None,
    ) -> Self:
        """It says `voice`, then nothing. `sip`: lines of its [sip] section."""
        name = f'"{self.name}" ' if self.name else ""
        kinds = ("PCMA", "PCMU", "opus", "speex", "G722")
        listed = "\n".join(
            f"[audio_codec_{number}]\nmime={kind}\nrate={48000 if kind == 'opus' else 8000}\n"
            f"channels={2 if kind == 'opus' else 1}\nenabled={int(kind in codecs)}"
            for number, kind in enumerate(kinds)
        )
        config = self.folder / "linphonerc"
        (self.folder / ".local/share/linphone").mkdir(parents=True)
        config.write_text(
            f"[sip]\nsip_port={self.port}\nsip_tcp_port={self.port}\nsip_tls_port=0\n"
            f"contact={name}<sip:{self.number}@127.0.0.1>\nguess_hostname=0\nuse_ipv6=0\nmedia_encryption=none\ndefault_proxy=0\n{sip}\n"
            f"[net]\nfirewall_policy=0\n{listed}\n{self._registered(account)}"
        )
        await self._start("-c", str(config))
        await self.logged("disabled in linphonec")
        self.tell("ipv6 disable", "soundcard use files", f"record {self.heard}", f"play {voice}")
        if account is not None:
            await self._is_registered()
        return self

    async def _is_registered(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not any(
                line.startswith("registered, identity") for line in self.log
            ):  # it tells nobody: it is asked
                self.tell("status register")
                await asyncio.sleep(0.2)

    def _registered(self, account: Account | None) -> str:
        """Sections of its file."""
        if account is None:
            return ""
        return (
            f"[proxy_0]\nreg_proxy=<{account.registrar}>\nreg_identity=<sip:{self.number}@127.0.0.1:{account.port}>\n"
            "reg_expires=600\nreg_sendregister=1\npublish=0\n"
            f"[auth_info_0]\nusername={self.number}\npasswd={account.password}\nrealm={REALM}\n"
        )

    async def dial(self, target: str) -> None:
        self.tell(f"call {target} --audio-only")

    async def rings(self, since: int) -> None:
        await self._logged_since(since, "contacting you|Receiving new incoming call")

    async def answer(self) -> None:
        self.tell("answer")

    async def hold(self) -> None:
        self.tell("pause")
        await self.logged("is now paused")  # it resumes nothing before

    async def resume(self) -> None:
        self.tell("resume")

    async def hang_up(self) -> None:
        self.tell("terminate")

    async def press(self, key: str) -> None:
        self.tell(key)

    def tell(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())


Telephone = Baresip | Linphone
Make = Callable[..., Telephone]
"""A telephone that has not been started."""
NUMBERS = (f"1391000{number:04d}" for number in count(1))
"""Of customers: each calls once."""
