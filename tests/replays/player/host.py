"""What the host sends, taken apart by hand and held to the rules that every modem's manual has.

Each rule broken is an entry in `broken`, in words, whatever the replay is about.
"""

import re

CODES = "\x03\x18!^"
"""Codes that a host may send in a stream: ETX, CAN, !, ^."""
LONGEST_LEAD = 1.0
"""Seconds of audio that a host may be ahead of the line."""
PACE = 0.1
"""V.250: seconds between a result and the next command."""
IMPATIENT = 0.9
"""Seconds before which an unanswered command must not be followed by the next one."""
_COMMAND = re.compile(r"AT[ -~]{0,60}")
_TEXT = re.compile(rb"AT(\r|H\r|Z\r|\+V[A-Z]{2})")
_ANSWERS_CALL = re.compile(r"AT(\+VLS=[1-9]\d*|\+FCLASS=8|A)")
_ON_HOOK = re.compile(r"AT(H0?|\+VLS=0|Z)")


class HostBytes:
    """Fed with every read; gives the command lines and stream codes in it. Times are the loop's seconds."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.stream: str | None = None
        """`+VTX`, `+VRX` or `+VTR` while one runs."""
        self.deaf = False
        """The modem is stuck: what it takes for audio is no rule broken."""
        self.raw = bytearray()
        """All bytes of the stream that carries audio to the modem, as they came."""
        self.commands: list[str] = []
        self.sample_bytes = 1
        self.seized = False
        self._line = ""
        self._leftover = False
        """Audio may still come that was under way when the modem ended the stream by itself."""
        self._shielded = False
        self._audio = 0
        self._audio_ran = False
        self._began = 0.0
        self._result_at = -10.0
        self._waits_since: float | None = None

    def feed(self, data: bytes, now: float) -> list[str]:
        """Command lines as `AT…\\r`, stream codes as `\\x10` and the code."""
        found: list[str] = []
        if self.stream in ("+VTX", "+VTR"):
            self.raw += data
        for byte in data:
            found += self._in_stream(byte, now) if self.stream else self._in_command_state(byte, now)
        return found

    def answered(self, now: float) -> None:
        """The modem has sent a result."""
        self._result_at, self._waits_since = now, None

    def connected(self, stream: str, now: float) -> None:
        """CONNECT has been sent."""
        self.stream, self._began, self._audio, self._shielded = stream, now, 0, False
        self._audio_ran = True
        if stream != "+VRX":
            self.raw.clear()

    def ended(self, *, by_itself: bool = False) -> None:
        """The stream is over."""
        if not self.deaf and _TEXT.search(self.raw):
            self._break("a command was sent into a voice stream")
        self.stream, self._shielded, self._leftover = None, False, by_itself

    def _in_command_state(self, byte: int, now: float) -> list[str]:
        character = chr(byte)
        if self._shielded:
            self._shielded = False
            if character not in CODES and not self._leftover:
                self._break(f"10 {byte:02X} in command state is no code")
            return []
        if byte == 0x10:
            self._shielded = True
        elif character == "\r":
            line, self._line = self._line, ""
            if self._leftover:
                command = line.rfind("AT")
                line, self._leftover = (line[command:], False) if command >= 0 else ("", True)
            return [self._command(line, now)] if line else []
        elif byte:  # a NUL, sent before the codes that end a stream, is dropped like every control byte
            self._line += character
        return []

    def _command(self, line: str, now: float) -> str:
        if not _COMMAND.fullmatch(line):
            self._break(f"{line!r} is no command line")
        if now - self._result_at < PACE:
            self._break(f"{line} came {now - self._result_at:.3f} s after a result")
        if self._waits_since is not None and now - self._waits_since < IMPATIENT:
            self._break(f"{line} came while another command waited for its answer")
        if self.seized and self._audio_ran and _ANSWERS_CALL.fullmatch(line):
            self._break(f"{line} after audio had run: some firmware drops the call on it")
        if line == "AT+VLS=1":
            self.seized = True
        elif _ON_HOOK.fullmatch(line):
            self.seized = self._audio_ran = False
        self._waits_since = now
        self.commands.append(line)
        return line + "\r"

    def _in_stream(self, byte: int, now: float) -> list[str]:
        if self._shielded:
            self._shielded = False
            if byte == 0x10:
                self._audio_byte(now)
            elif chr(byte) in CODES:
                return ["\x10" + chr(byte)]
            elif not self.deaf:
                self._break(f"10 {byte:02X} in {self.stream}: an unshielded 10h")
        elif byte == 0x10:
            self._shielded = True
        else:
            self._audio_byte(now)
        return []

    def _audio_byte(self, now: float) -> None:
        self._audio += 1
        if self.deaf:
            return
        if self.stream == "+VRX":
            self._break("text or audio sent into +VRX")
        elif self._audio > (now - self._began + LONGEST_LEAD) * 8000 * self.sample_bytes:
            self._break(f"audio for more than {LONGEST_LEAD:g} s ahead of the line")

    def _break(self, rule: str) -> None:
        if rule not in self.broken:
            self.broken.append(rule)
