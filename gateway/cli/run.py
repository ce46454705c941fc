"""`sansheng run`: the gateway as a process."""

import asyncio
import logging
import signal
import sys
from pathlib import Path

from gateway.app import Gateway
from gateway.cli.log import set_up_log
from gateway.config import ConfigErrors, load_config
from gateway.config.models import GatewayConfig
from gateway.starting import StartError

log = logging.getLogger(__name__)


def run(config_file: Path, *, verbose: bool = False) -> int:
    """Serve until SIGTERM or SIGINT, drain, exit 0; 1 where the config or the machine forbids to begin."""
    set_up_log(verbose=verbose)
    try:
        return asyncio.run(serve(load_config(config_file)))
    except ConfigErrors as errors:
        print(errors, file=sys.stderr)
    except StartError as error:
        print(f"sansheng: {error}", file=sys.stderr)
    return 1


async def serve(config: GatewayConfig) -> int:
    """Run a gateway until a signal; a second one cuts the draining short."""
    stop = asyncio.Event()
    gateway = Gateway(config)

    def on_signal(name: str) -> None:
        log.info("%s: %s", name, "releasing what is up" if stop.is_set() else "draining")
        if stop.is_set():
            gateway.hurry()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal, number.name)
    await gateway.start()
    await stop.wait()
    await gateway.stop()
    log.info("stopped")
    return 0
