"""Other softphones and exchanges under the same load: each answers, plays the same greeting and listens. Those
that are not on this machine are named and not measured."""

import asyncio
import contextlib
import shutil
import subprocess
import wave
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.load.processes import udp_sockets
from benchmarks.load.sipp import stopped
from benchmarks.load.site import free_ports, made, write_wav
from gateway.prompts.level import RATE

FIRST_PORT, LAST_PORT = 22000, 24900
RTP_FIRST, RTP_LAST = 18000, 21999
PATIENCE = 30.0
"""Seconds to start on a busy machine."""
_SILENCE = 180
"""Seconds of silence behind the greeting, longer than any call."""


class Peer(ABC):
    """A program that takes the place of the gateway."""

    name: str
    program: str

    @property
    def found(self) -> str | None:
        """Where the program is; None: not on this machine."""
        return shutil.which(self.program) or shutil.which(self.program, path="/usr/sbin:/usr/local/sbin")

    @abstractmethod
    def configure(self, folder: Path, greeting: Path, port: int, calls: int) -> list[str]:
        """Write its files and give its options."""

    @contextlib.asynccontextmanager
    async def serving(self, folder: Path, greeting: Path, calls: int) -> AsyncIterator[tuple[int, int]]:
        """It runs and answers on a port of 127.0.0.1: its process's id and that port. OSError where it ends, or
        does not listen in time; its log is in FOLDER/peer.log."""
        port = free_ports(1, FIRST_PORT, LAST_PORT)
        options = self.configure(made(folder), greeting, port, calls)
        process = await self._started(options, folder)
        try:
            await self._listens(process, port)
            yield process.pid, port
        finally:
            with contextlib.suppress(ProcessLookupError, TimeoutError):
                process.terminate()
                await asyncio.wait_for(process.wait(), 5)
            await stopped(process)

    async def _started(self, options: list[str], folder: Path) -> asyncio.subprocess.Process:
        with (folder / "peer.log").open("wb") as log:
            return await asyncio.create_subprocess_exec(
                str(self.found), *options, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    async def _listens(self, process: asyncio.subprocess.Process, port: int) -> None:
        wanted = f":{port:04X} "
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while process.returncode is None:
                    if wanted in udp_sockets():
                        return
                    await asyncio.sleep(0.1)
        raise OSError(f"{self.name} does not listen on port {port}; look into peer.log")


class Baresip(Peer):
    """Debian's softphone: everybody is answered and played a file."""

    name, program = "baresip", "baresip"

    def configure(self, folder: Path, greeting: Path, port: int, calls: int) -> list[str]:
        """The recording goes on in silence, as baresip ends with it."""
        played = with_silence(greeting, folder / "greeting.wav")
        modules = "\n".join(f"module {name}.so" for name in ("g711", "aufile"))
        apps = "\n".join(f"module_app {name}.so" for name in ("account", "menu"))
        (folder / "config").write_text(
            f"sip_listen 127.0.0.1:{port}\ncall_max_calls {2 * calls}\ncall_local_timeout 120\n"
            f"rtp_ports {RTP_FIRST}-{RTP_LAST}\nrtp_stats no\naudio_player aufile,/dev/null\n"
            f"audio_source aufile,{played}\nausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\n"
            f"auplay_channels 1\nmodule_path {module_path()}\n{modules}\n{apps}\n"
        )
        (folder / "accounts").write_text("<sip:8801@127.0.0.1>;regint=0;answermode=auto;audio_codecs=PCMA\n")
        (folder / "contacts").write_text("")
        return ["-f", str(folder)]


class Asterisk(Peer):
    """An exchange: answers, plays the greeting and listens with its talk detector."""

    name, program = "Asterisk", "asterisk"

    def configure(self, folder: Path, greeting: Path, port: int, calls: int) -> list[str]:
        """A configuration of its own in `folder`; nothing of the machine's is read."""
        shutil.copy(greeting, folder / "greeting.wav")
        keys = (
            "astetcdir",
            "astvarlibdir",
            "astdbdir",
            "astdatadir",
            "astagidir",
            "astspooldir",
            "astrundir",
            "astlogdir",
        )
        folders = "\n".join(f"{key} => {folder}" for key in keys)
        written = {
            "asterisk.conf": f"[directories]\n{folders}\n[options]\nnocolor = yes\n",
            "modules.conf": "[modules]\nautoload = yes\nnoload => chan_sip.so\nnoload => res_hep.so\n",
            "logger.conf": "[logfiles]\nconsole => error,warning\n",
            "rtp.conf": f"[general]\nrtpstart = {RTP_FIRST}\nrtpend = {RTP_LAST}\n",
            "pjsip.conf": (
                f"[udp]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:{port}\n"
                "[anonymous]\ntype = endpoint\ncontext = load\ndisallow = all\nallow = alaw\n"
            ),
            "extensions.conf": (
                "[load]\nexten => 8801,1,Answer()\n same => n,Set(TALK_DETECT(set)=)\n"
                f" same => n,Playback({folder}/greeting)\n same => n,Wait({_SILENCE})\n same => n,Hangup()\n"
            ),
        }
        for name, text in written.items():
            (folder / name).write_text(text)
        return ["-f", "-C", str(folder / "asterisk.conf")]


class FreeSwitch(Peer):
    """An exchange: answers, plays the greeting, then silence."""

    name, program = "FreeSWITCH", "freeswitch"

    def configure(self, folder: Path, greeting: Path, port: int, calls: int) -> list[str]:
        """A configuration of its own in `folder`."""
        modules = "".join(
            f'<load module="mod_{name}"/>'
            for name in ("console", "sofia", "dialplan_xml", "dptools", "sndfile", "tone_stream")
        )
        (folder / "freeswitch.xml").write_text(
            f"""<document type="freeswitch/xml">
<section name="configuration">
<configuration name="modules.conf"><modules>{modules}</modules></configuration>
<configuration name="switch.conf"><settings><param name="max-sessions" value="{2 * calls}"/>
<param name="sessions-per-second" value="100"/><param name="rtp-start-port" value="{RTP_FIRST}"/>
<param name="rtp-end-port" value="{RTP_LAST}"/></settings></configuration>
<configuration name="sofia.conf"><profiles><profile name="load"><settings>
<param name="context" value="load"/><param name="dialplan" value="XML"/><param name="auth-calls" value="false"/>
<param name="sip-ip" value="127.0.0.1"/><param name="rtp-ip" value="127.0.0.1"/>
<param name="sip-port" value="{port}"/>
<param name="inbound-codec-prefs" value="PCMA"/></settings></profile></profiles></configuration></section>
<section name="dialplan"><context name="load"><extension name="all">
<condition field="destination_number" expression=".*"><action application="answer"/>
<action application="playback" data="{greeting}"/>
<action application="playback" data="silence_stream://{_SILENCE * 1000}"/>
</condition></extension></context></section></document>"""
        )
        places = ("-conf", "-log", "-db", "-run", "-temp", "-storage", "-cache", "-sounds", "-recordings")
        return ["-nf", "-nonat", *(word for place in places for word in (place, str(folder)))]


PEERS: dict[str, Peer] = {peer.program: peer for peer in (Asterisk(), FreeSwitch(), Baresip())}


def with_silence(recording: Path, path: Path) -> Path:
    """The recording with silence behind it, longer than any call."""
    with wave.open(str(recording)) as given:
        samples = given.readframes(given.getnframes())
    write_wav(path, samples + bytes(2 * RATE * _SILENCE))
    return path


def module_path() -> str:
    """Where Debian or a source build keeps baresip's modules."""
    places = [Path("/usr/lib/baresip/modules"), Path("/usr/local/lib/baresip/modules")]
    return str(next((place for place in places if place.is_dir()), places[0]))
