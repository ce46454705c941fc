"""`sansheng run`: the gateway as a process."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path

from gateway.app import Gateway
from gateway.cli.log import set_up_log
from gateway.cli.reload import Reloader
from gateway.config import ConfigErrors, load_config
from gateway.config.models import GatewayConfig
from gateway.service_manager import ServiceManager
from gateway.starting import StartError

log = logging.getLogger(__name__)

NICENESS = -5
"""Taken where it is granted (root, CAP_SYS_NICE, LimitNICE), as every call waits for this process. The softphones
come first with -10, audio being due every 20 ms, but on a busy machine they must not keep what they wait for from
its work: held up for 4 s it counts as hung (drivers.sip.in_service), and new calls are refused."""


def run(config_file: Path, *, verbose: bool = False) -> int:
    """Serve until SIGTERM or SIGINT, drain, exit 0; 1 where the config or the machine forbids to begin."""
    set_up_log(verbose=verbose)
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    try:
        return asyncio.run(serve(config_file, load_config(config_file)))
    except ConfigErrors as errors:
        print(errors, file=sys.stderr)
    except StartError as error:
        print(f"sansheng: {error}", file=sys.stderr)
    return 1


async def serve(config_file: Path, config: GatewayConfig) -> int:
    """Run a gateway until a signal; a second one cuts the draining short, SIGHUP has `config_file` read anew. A
    service manager is told of it."""
    stop = asyncio.Event()
    manager, gateway = ServiceManager(), Gateway(config)

    def on_signal(name: str) -> None:
        log.info("%s: %s", name, "releasing what is up" if stop.is_set() else "draining")
        if stop.is_set():
            gateway.hurry()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal, number.name)
    reloader = Reloader(gateway, config_file, manager.reloading)
    early = asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, early.set)  # not to be died of while it starts
    await gateway.start()
    loop.add_signal_handler(signal.SIGHUP, reloader.request)
    if early.is_set():
        reloader.request()
    manager.ready(gateway.told)
    watched = asyncio.create_task(manager.keep(lambda: gateway.told))
    await stop.wait()
    await reloader.stop()
    manager.stopping(gateway.drain_seconds)
    await gateway.stop()
    watched.cancel()
    manager.close()
    log.info("stopped")
    return 0
