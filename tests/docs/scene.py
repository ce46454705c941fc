"""What commands find: a hotline with a month on record, its broker and database, a dialplan of its own."""

import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.report.database import fill
from benchmarks.report.month import Size
from gateway.records import RecordsConfig
from tests.docs.pages import ROOT
from tests.unit.voice.piper_model import write_model

SHIMS = Path(__file__).parent / "shims"
ZONE = ZoneInfo("Asia/Shanghai")
DATA = Path("/var/lib/sansheng")
ETC = Path("/etc/sansheng")
CUSTOMER = "13812345678"
"""Whom the examples name."""
CONFIG = """\
site = "jinan"
dialplan = "jihua-gas"
data_dir = "/var/lib/sansheng"
timezone = "Asia/Shanghai"
drain_seconds = 5.0

[mqtt]
url = "mqtt://127.0.0.1:1883"
command_key_file = "/etc/sansheng/command.key"

[[lines]]
id = "sip1"
driver = "sip"
listen = "127.0.0.1:5062"
aor = "sip:8801@127.0.0.1:5062"
ring_period = 0.5

[[agents]]
number = "801"
extension = "sip:801@127.0.0.1:5080"

[[agents]]
number = "802"
extension = "sip:802@127.0.0.1:5081"

[metrics]
listen = "127.0.0.1:9464"

[wallboard]
listen = "127.0.0.1:8080"
"""


def sh(command: str, folder: Path | None = None) -> None:
    """Run its lines until one fails, whose output is shown. No `a && b`: the shell goes on where `a` fails."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def make(folder: Path) -> None:
    """What every room begins with: the records of October and of the last days, a dialplan of one's own, a voice
    talent's takes, recordings of calls. Below `folder`: `data`, and `here`, which goes beside gateway.toml."""
    data, here = folder / "data", folder / "here"
    data.mkdir(parents=True)
    here.mkdir()
    records = RecordsConfig("jinan", data_dir=data)
    fill(records, Size(200, datetime(2026, 10, 1, tzinfo=ZONE), 31, lines=2, agents=2))
    fill(records, Size(60, datetime.now(ZONE) - timedelta(days=3), 3, lines=2, agents=2, seed=2))
    with sqlite3.connect(data / "calls.db") as database:
        named = database.execute("SELECT call FROM calls ORDER BY offered_at LIMIT 3").fetchall()
        (here / "a-call").write_text(named[0][0])
        for (call,) in named:
            heard = (CUSTOMER, f"{DATA}/recordings/2026-10-01/{call}.wav", call)
            database.execute("UPDATE calls SET caller = ?, recording = ? WHERE call = ?", heard)
        database.execute("UPDATE tickets SET state = 'open', answered_at = NULL, reply = NULL WHERE id = 7")
    shutil.copytree(ROOT / "dialplans" / "jihua-gas", here / "my-hotline")
    config = CONFIG.replace(str(DATA), str(data)).replace("command_key_file", "# command_key_file")
    (here / "gateway.toml").write_text(config)
    (here / "voices").mkdir()
    model = write_model(here / "voices")
    for part in (".onnx", ".onnx.json"):
        model.with_name(f"tone{part}").rename(model.with_name(f"zh_CN-huayan-medium{part}"))
    sansheng = Path(sys.executable).with_name("sansheng")
    sh(
        f"""
        {sansheng} prompts build my-hotline -c gateway.toml
        mkdir takes recordings
        spoken=$(find {data}/prompts -size +80k -size -120k | sort | head -1)
        for copy in takes/further.wav call.wav CALL.wav bell.wav recordings/1.wav recordings/2.wav; do
            cp "$spoken" $copy
        done
        sox -M call.wav call.wav both-sides.wav
        mkdir -p {data}/recordings/2026-10-01
        cp call.wav {data}/recordings/2026-10-01/$(cat a-call).wav
        """,
        here,
    )


def hotline(template: Path) -> None:
    """The template in its place: config in the checkout and in /etc, data under /var/lib, the service's user.

    The checkout's own `var` is covered, not cleared: others may be writing below it, which a room sees."""
    sh(
        f"""
        useradd --system --home-dir {DATA} --groups dialout sansheng
        cp -r {template}/here/. .
        rm -rf {DATA}
        cp -r {template}/data {DATA}
        chown -R sansheng: {DATA}
        chmod 750 {DATA}
        mkdir -p var
        mount --bind {DATA} var
        install -d -o root -g sansheng -m 750 {ETC}
        (umask 027; openssl rand -hex 32 > {ETC}/command.key)
        chgrp sansheng {ETC}/command.key
        """
    )
    for config in (ETC / "gateway.toml", Path("gateway.toml")):
        config.write_text(CONFIG)
    os.environ["CALL"] = Path("a-call").read_text()


def broker() -> None:
    sh("systemctl start mosquitto")


def gateway() -> None:
    """With its broker, and agent 801's telephone."""
    broker()
    subprocess.Popen(["python", "-m", "drivers.sip.telephone", "127.0.0.1:5080", "--user", "801"])
    sh("systemctl start sansheng")


def postgresql() -> None:
    """On its standard port; root is its administrator, and the records are in its database `calls`, too."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    sh(
        f"""
        install -d -o postgres /run/postgresql /var/lib/postgresql/room
        as="setpriv --reuid=postgres --regid=postgres --clear-groups {programs}"
        cd /
        $as/initdb --pgdata=/var/lib/postgresql/room --auth=trust --username=root --no-sync
        $as/pg_ctl start --wait --pgdata=/var/lib/postgresql/room --log=/var/lib/postgresql/log
        createuser sansheng
        createdb --owner=sansheng calls
        """
    )


def modem() -> None:
    """An emulated one at /tmp/modem, whom nobody calls."""
    subprocess.Popen(["python", "-m", "drivers.emulator", "--personality", "usr5637", "--link", "/tmp/modem"])
    sh("for i in $(seq 200); do [ -e /tmp/modem ] && exit 0; sleep 0.1; done; exit 1")
