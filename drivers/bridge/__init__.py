"""Two joined legs: audio from process to process in 20 ms frames, over a pair of Unix datagram sockets."""

from drivers.bridge.mixing import mixed
from drivers.bridge.path import AudioPath
from drivers.bridge.wire import FRAME_BYTES, FRAME_SECONDS

__all__ = ["FRAME_BYTES", "FRAME_SECONDS", "AudioPath", "mixed"]
