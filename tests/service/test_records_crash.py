"""A gateway that dies in mid-call: the call is on the disk, and closed as a fault when the gateway is back."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.records import Records, RecordsConfig, Store

pytestmark = pytest.mark.service

WRITER = """
import sys, time
from pathlib import Path
from gateway.records import Records, RecordsConfig, Store
from tests.service.told import Told
config = RecordsConfig(site="jinan", data_dir=Path(sys.argv[1]))
records = Records(config)
records.start()
told = Told().rings(1)
if sys.argv[2] == "answered":
    told.rings(2).answered().says("greeting")
for notice in told.notices:
    records.receive(notice)
with Store(config) as store:
    while not store.calls() or len(store.timeline(told.call)) < len(told.notices):
        time.sleep(0.02)
print("written", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(("moment", "outcome"), [("ringing", "failed"), ("answered", "answered")])
def test_kill_in_mid_call(tmp_path: Path, moment: str, outcome: str) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), moment], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"written\n"
        writer.send_signal(signal.SIGKILL)
    config = RecordsConfig(site="jinan", data_dir=tmp_path)
    with Store(config) as store:
        assert store.calls()[0].open, "as the crash left it"
    records = Records(config)
    records.start()
    with Store(config) as store:
        (call,) = store.calls()
        last = store.timeline(call.call)[-1]
    records.stop()
    assert (call.outcome, call.released_by, call.cause) == (outcome, "fault", "gateway stopped")
    assert (last.fact, last.at) == ("released", call.ended_at)
    assert call.caller == "13812345678"
