"""Everything that the callers say and hear, in one lean process of one thread: `python -m benchmarks.load.voices
FOLDER FIRST_PORT PORTS`.

FOLDER/sipp.log tells whose RTP goes where (caller.xml); FOLDER/said.npz holds what is said, in A-law packets.
Arrivals are stamped by the kernel (SO_TIMESTAMPNS), so that a late turn of this process falsifies nothing. At the
end of its standard input it writes FOLDER/heard.npz. Each caller sends at a moment of his own within
the 20 ms, as callers do.
"""

import contextlib
import os
import select
import socket
import struct
import sys
import time
from array import array
from pathlib import Path

import numpy as np

from benchmarks.load.packets import Heard

PACKET = 0.02
TOO_LATE = 0.2
"""Seconds: who was kept from speaking for so long is silent for that time, and does not make up for it."""
PRIORITY = -15
"""Nice value, where it is granted: callers are no part of the machine that answers them, nor wait for it."""
TURNS = 10
"""Turns in 20 ms, in each of which a tenth of the callers send."""
SAMPLES = 160
_PCMA = 8
_SO_TIMESTAMPNS = 35
_HEAD = struct.Struct(">BBHII")
_TIMESPEC = struct.Struct("qq")
_ENOUGH = 150
"""Of 160 samples: where so many are alike it is silence, whatever the codec writes for it."""
HEARD, SAID, LOG = "heard.npz", "said.npz", "sipp.log"


class Call:
    """What one caller heard and how much he said."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.stamps = array("q")
        self.sequences = array("H")
        self.loud = array("B")
        self.sent = 0

    def take(self, packet: bytes, stamp: int) -> None:
        """A packet has come."""
        if len(packet) < 13 or packet[1] & 0x7F != _PCMA:
            return
        self.stamps.append(stamp)
        self.sequences.append(packet[2] << 8 | packet[3])
        self.loud.append(packet.count(packet[12], 12) < _ENOUGH)


class Ear:
    """One RTP port; callers use it one after another. Its RTCP port is open, too, but not read."""

    def __init__(self, port: int) -> None:
        self._rtp, self._rtcp = self._bound(port), self._bound(port + 1)
        self._rtp.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._source = port
        self.call: Call | None = None
        self._packets: list[bytes] = []
        self._again = self._place = 0
        self._talking = False

    @staticmethod
    def _bound(port: int) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.setblocking(False)
        made.bind(("127.0.0.1", port))
        return made

    def begin(self, call: Call, port: int, packets: list[bytes], again: int) -> None:
        """Speak to the other end's `port` and hear it; after the last packet go on at packet `again`."""
        self._rtp.connect(("127.0.0.1", port))
        self.call, self._packets, self._again, self._place = call, packets, again, 0
        self._talking = True

    def end(self) -> None:
        """The call is over; what is on its way is still heard."""
        self._talking = False

    def turn(self) -> None:
        """Hear what has come, and say a packet."""
        call = self.call
        if call is None:
            return
        try:
            while True:
                packet, told, _, _ = self._rtp.recvmsg(172, 64)
                seconds, nanoseconds = _TIMESPEC.unpack_from(told[0][2])
                call.take(packet, seconds * 1_000_000_000 + nanoseconds)
        except OSError:  # nothing more has come, or the other end's port is closed
            pass
        if self._talking:
            self._say(call)

    def _say(self, call: Call) -> None:
        head = _HEAD.pack(0x80, _PCMA, call.sent & 0xFFFF, call.sent * SAMPLES, self._source)
        try:
            self._rtp.send(head + self._packets[self._place])
        except OSError:  # the other end's port is closed: it hangs up
            return
        call.sent += 1
        self._place += 1
        if self._place == len(self._packets):
            self._place = self._again


class Voices:
    """All callers."""

    def __init__(self, folder: Path, first_port: int, ports: int) -> None:
        self._folder = folder
        self._ears = {port: Ear(port) for port in range(first_port, first_port + 2 * ports, 2)}
        self._turns = [list(self._ears.values())[turn::TURNS] for turn in range(TURNS)]
        with np.load(folder / SAID) as said:
            self._said = {
                name: ([row.tobytes() for row in said[name]], int(said[f"{name}_again"])) for name in KINDS
            }
        self._calls: list[Call] = []
        self._lateness = array("d")
        (folder / LOG).touch()
        self._log = (folder / LOG).open(encoding="ascii", errors="replace")
        self._begun = ""

    def run(self) -> None:
        """Until the standard input ends."""
        due, turn = time.monotonic(), 0
        while turn % TURNS or not select.select([sys.stdin], [], [], 0)[0]:
            self._read_log()
            for ear in self._turns[turn % TURNS]:
                ear.turn()
            turn += 1
            due += PACKET / TURNS
            late = time.monotonic() - due
            self._lateness.append(late)
            if late < 0:
                time.sleep(-late)  # one thread that does nothing else: its turns are the clock
            elif late > TOO_LATE:
                due += late

    def _read_log(self) -> None:
        while line := self._log.readline():
            self._begun += line
            if self._begun.endswith("\n"):
                self._follow(*self._begun.split())
                self._begun = ""

    def _follow(self, number: str, own: str, other: str, does: str) -> None:
        ear = self._ears[int(own)]
        if other == "0":
            ear.end()
        else:
            self._calls.append(Call(number))
            ear.begin(self._calls[-1], int(other), *self._said[does])

    def write(self) -> None:
        """What was heard, packet by packet."""
        lengths = [len(call.stamps) for call in self._calls]
        np.savez(
            self._folder / HEARD,
            numbers=np.array([call.number for call in self._calls], dtype=np.str_),
            sent=np.array([call.sent for call in self._calls], dtype=np.int64),
            ends=np.cumsum(lengths, dtype=np.int64),
            stamps=joined("q", [call.stamps for call in self._calls]),
            sequences=joined("H", [call.sequences for call in self._calls]),
            loud=joined("B", [call.loud for call in self._calls]).astype(np.bool_),
            lateness=np.maximum(np.array(self._lateness), 0.0),
        )


KINDS = ("talks", "noise")
"""What callers do: they talk, or stand in noise before they talk."""


def joined(kind: str, parts: "list[array[int]]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Arrays one behind the other."""
    return np.concatenate([np.array(part, dtype=kind) for part in parts] or [np.zeros(0, dtype=kind)])


def read(folder: Path) -> tuple[dict[str, Heard], "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    """What was heard, by caller's number, and how late this process was at each of its turns, seconds."""
    with np.load(folder / HEARD) as kept:
        starts = np.concatenate([[0], kept["ends"]])
        stamps, sequences, loud = kept["stamps"], kept["sequences"], kept["loud"]
        return {
            str(number): Heard(stamps[a:b], sequences[a:b], loud[a:b], int(sent))
            for number, sent, a, b in zip(kept["numbers"], kept["sent"], starts, kept["ends"], strict=False)
        }, kept["lateness"]


if __name__ == "__main__":
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, PRIORITY)
    voices = Voices(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    print("ready", flush=True)
    voices.run()
    voices.write()
