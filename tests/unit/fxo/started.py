"""Start-ups against modems on paper, in virtual time."""

import logging
from collections.abc import Mapping

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.start_up import ModemSetup, Warnings, bring_up
from tests.unit.fxo.paper_modem import ERROR, PaperModem, info
from tests.unit.fxo.virtual_time import in_virtual_time

PORT = "/dev/ttyTEST0"
Answers = Mapping[str, bytes | None]

CX_NAME = info("CX93001-EIS_V0.2013-V92")
CONEXANT: Answers = {
    "ATI3": CX_NAME,
    "AT+GMR": CX_NAME,
    "ATI0": info("56000"),
    "AT+FCLASS=?": info("0,1,1.0,2,8"),
    "AT+VSM=?": info('1,"UNSIGNED PCM",8,0,8000,0,0', '131,"Mu-Law",8,0,8000,0,0'),
    "AT+GCI?": info("+GCI: 26"),
    "AT+VCID?": info("1"),
}
STARTECH_KEM3: Answers = {
    "ATI3": info("Agere SoftModem Version 2.2.0"),
    "ATI0": info("56000"),
    "AT+FCLASS=?": info("0,1,1.0,2"),
    "AT+FCLASS=8": ERROR,
}


def usr(version: str, classes: str = "0,1,2.0,8") -> Answers:
    return {
        "ATI3": info(f"U.S. Robotics 56K FAX USB V{version}"),
        "AT+GMR": ERROR,
        "ATI0": info("5601"),
        "AT+FCLASS=?": info(classes),
        "AT+FCLASS=8": b"\r\nOK\r\n" if "8" in classes else ERROR,
    }


class Started:
    """A start-up that came to its end."""

    def __init__(self, answers: Answers, *, profile: str = "auto", times: int = 1) -> None:
        self.modem: PaperModem
        self.setup: ModemSetup

        async def work() -> None:
            self.modem = PaperModem(answers)
            warnings = Warnings()
            for _ in range(times):
                self.setup = await bring_up(self.modem.host, FxoConfig("fxo1", PORT, profile), warnings)

        in_virtual_time(work)

    def place(self, command: str) -> int:
        return self.modem.commands.index(command)


def warned(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
