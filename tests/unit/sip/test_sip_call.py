"""A call asked for what it has received while pjsua2 has no stream of it: its assertions would end the process."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
ASK = """
import os
import sys
from collections import deque

import pjsua2 as pj

from drivers.sip.sip_call import SipCall

library = pj.Endpoint()
library.libCreate()
settings = pj.EpConfig()
settings.logConfig.level = settings.logConfig.consoleLevel = 0
settings.uaConfig.threadCnt = 0
library.libInit(settings)
call = SipCall(pj.Account(), int(sys.argv[1]), "leg", deque(), None)
call._stream = 0  # as if its callbacks had told nothing of the end
print(call.received(), flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("slot", [-1, 0], ids=["disconnected", "empty slot"])
def test_a_call_without_a_stream_is_not_known_to_receive_anything(slot: int) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(slot)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (asked.returncode, asked.stdout.splitlines()[-1:]) == (0, ["None"]), asked.stderr
