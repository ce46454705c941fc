"""What the gateway and its fork server say to each other, packets on a socket pair of theirs; and what they are
called."""

from typing import Final

READY: Final = b"ready"
"""From the server, first of all: everything is loaded."""
ORDER: Final = b"fork"
"""To the server, with two descriptors: the new worker's socket, and where it prints to. The answer is the worker's
process id, or a negative errno, in digits."""
ANSWER_LIMIT: Final = 32
"""Bytes of a packet at most."""
WORKER: Final = "sansheng-worker"
"""What ps and top call a worker; 15 characters at most."""
FORK_SERVER: Final = "sansheng-forks"
