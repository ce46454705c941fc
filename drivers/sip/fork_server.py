"""Forks the workers: `python -m drivers.sip.fork_server FD PARENT`. The gateway starts it, nobody else.

Python, numpy, the voice model and pjsua2 are loaded here once. A worker that is forked off has them at once and
shares their memory with all others, where one started by itself takes a second of the processor and 37 MB of its
own. Each is the gateway's own child (see sibling.py), not this process's: this one may die or be replaced, and no
call notices.

What is said on socket FD: fork_protocol.py.
"""

import gc
import os
import signal
import socket
import sys

from drivers.hearing.ears import Ears
from drivers.sip import worker
from drivers.sip.fork_protocol import ANSWER_LIMIT, FORK_SERVER, ORDER, READY
from drivers.sip.sibling import fork_sibling


def serve(control: socket.socket, parent: int) -> list[str] | None:
    """Fork until the gateway closes the socket: None then, and in each worker its own arguments."""
    control.send(READY)
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, ANSWER_LIMIT, 2)
        if order != ORDER or len(descriptors) != 2:
            return None
        theirs, log = descriptors
        try:
            pid = fork_sibling()
        except OSError as error:
            pid = -(error.errno or 1)
        if pid == 0:
            control.close()
            for output in (1, 2):
                os.dup2(log, output)
            os.close(log)
            return [str(theirs), str(parent)]
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(str(pid).encode())


def load() -> None:
    """Everything that a worker needs and that is not made for one line. Nothing here may start a thread."""
    Ears()
    gc.collect()
    # Or each worker's collections would write into every object of these, and share nothing of them any more.
    gc.freeze()


def main(arguments: list[str]) -> int:
    """0 once the gateway has closed the socket; in a worker what that ends with."""
    if len(arguments) != 2 or not all(argument.isdigit() for argument in arguments):
        sys.stderr.write("usage: python -m drivers.sip.fork_server FD PARENT (started by the gateway)\n")
        return 2
    worker.die_with(int(arguments[1]))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    worker.take_name(FORK_SERVER)
    gc.disable()
    load()
    worker.take_priority()
    try:
        ours = serve(socket.socket(fileno=int(arguments[0])), int(arguments[1]))
    except ConnectionError:
        return 0
    return 0 if ours is None else worker.main(ours)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
