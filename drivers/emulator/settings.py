"""What a modem remembers: parameters, S-registers, class, echo and result form; power-up, ATZ, AT&W."""

from drivers.emulator.parameters import Parameter
from drivers.emulator.personalities import Personality, VoiceMode

REGISTERS = {0: 0, 1: 0, 2: 43, 3: 13, 4: 10, 5: 8, 6: 2, 7: 50, 8: 2, 10: 14, 11: 85, 12: 50}
"""V.250 defaults as the families have them."""


class Settings:
    """Changed by commands, brought back by `reset`."""

    def __init__(self, personality: Personality) -> None:
        self.personality = personality
        self._stored = {"E": True, "V": True, "Q": False}
        self._stored_caller_id: str | None = None
        self.reset()

    def reset(self) -> None:
        """As after power-up and ATZ: all but what AT&W stores, which is E, V, Q and in some families +VCID."""
        self.echo, self.verbose, self.quiet = self._stored["E"], self._stored["V"], self._stored["Q"]
        self.service_class = "0"
        self.source = "0"
        self.mode = self._mode(self.personality.default_mode)
        self.values = {name: parameter.default for name, parameter in self.personality.parameters.items()}
        if self._stored_caller_id is not None:
            self.values["+VCID"] = self._stored_caller_id
        self.registers = dict(REGISTERS)
        self.basics: dict[str, str] = {}

    def prefixed(self, name: str, lines: tuple[str, ...]) -> tuple[str, ...]:
        """The answer to a question about `name`, in this family's form."""
        return tuple(f"{name}: {line}" for line in lines) if self.personality.query_prefix else lines

    def store(self) -> None:
        """AT&W."""
        self._stored = {"E": self.echo, "V": self.verbose, "Q": self.quiet}
        if self.personality.keeps_caller_id:
            self._stored_caller_id = self.values["+VCID"]

    @property
    def in_voice(self) -> bool:
        """+FCLASS=8."""
        return self.service_class == "8"

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, as far as the present class has it."""
        found = self.personality.parameters.get(name)
        return None if found and found.voice_only and not self.in_voice else found

    def choose_mode(self, argument: str) -> bool:
        """+VSM=; False where the part, or this emulator, has no such coding at that rate."""
        parts = argument.split(",")
        if not all(part.isdecimal() for part in parts):
            return False
        known = [mode for mode in self.personality.modes if mode.number == int(parts[0])]
        if not known or known[0].codec is None or len(parts) not in known[0].arguments or parts[1] != "8000":
            return False
        self.mode = known[0]
        return True

    def _mode(self, number: int) -> VoiceMode:
        return next(mode for mode in self.personality.modes if mode.number == number)
