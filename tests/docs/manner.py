"""How single command lines are run: what stands for an example's word, which never end, which may tell a fault."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    """Of the statements of `page` ("" all) that begin with `begins`."""

    page: str
    begins: str
    before: str = ""
    """Shell, run first."""
    until: str = ""
    """A statement that never ends by itself: ended as soon as what it prints matches."""
    meanwhile: str = ""
    """Shell, run beside it once it has begun."""
    codes: tuple[int, ...] = (0,)
    """Which exit codes are right. 1 where a command reports a fault that is there."""
    shows: str = ""
    """What it must print, as the page shows it."""


SAYS = "sleep 1; mosquitto_pub -r -t sansheng/x/line/x/state -m known"
ALERT = "sleep 1; sed -i '/^site/a show_numbers = true' /etc/sansheng/gateway.toml && systemctl reload sansheng"
"""A change that holds only after a restart: an alert that stands."""
LOG_IN = "until sansheng command agent agent=801 state=log_in; do sleep 1; done"
"""As soon as the desk has found his telephone."""
DAMAGED = "cp var/calls.db calls.db.corrupt-20261101T093000Z"

WORDS: tuple[tuple[str, str, str], ...] = (
    ("docs/modems.md", "/dev/ttyACM0", "/tmp/modem"),
    ("docs/troubleshooting.md", "/dev/ttyACM0", "/tmp/modem"),
    ("docs/corpus.md", "DIR/", "corpus/"),
    ("docs/corpus.md", "benchmarks.corpus DIR", "benchmarks.corpus corpus --share 0.002"),
    ("docs/corpus.md", "--share 0.1 ", ""),
    ("docs/feed.md", "benchmarks.feed  ", "benchmarks.feed --seconds 5 --bare 5 --lines 20  "),
    ("docs/feed.md", "--seconds 0 --away 600", "--seconds 0 --away 5 --lines 20"),
    (
        "docs/records.md",
        "python -m benchmarks.records",
        "python -m benchmarks.records --seconds 2 --locked 2 --rate 50",
    ),
    (
        "docs/load.md",
        "benchmarks.load --peer baresip",
        "benchmarks.load --peer baresip --calls 4 --seconds 5 --no-growth --minute 0",
    ),
    ("docs/database.md", "PGPASSWORD=…", "PGPASSWORD=none"),
    ("docs/privacy.md", "sansheng numbers erase ", "echo y | sansheng numbers erase "),
    ("docs/kpi.md", "sqlite3 calls.db", "sqlite3 var/calls.db < /dev/null"),
    ("", "20260218-093000", "$CALL"),
)
"""Page ("" all), an example's word, what stands for it in the scene."""

MANNERS: tuple[Manner, ...] = (
    Manner("docs/agents.md", "sansheng numbers show", before="sansheng numbers warn 13812345678 --note known"),
    # A machine of its own has no clock that is kept and no udev: told as warnings or faults.
    Manner("", "sudo -u sansheng sansheng doctor", codes=(0, 1)),
    Manner("", "runuser -u sansheng -- sansheng doctor", codes=(0, 1)),
    Manner("", "runuser -u sansheng -- sansheng run", until="ready: "),
    Manner("", "sansheng doctor", codes=(0, 1), shows=r"faults: \d+, warnings: \d+, ok: \d+"),
    Manner("docs/troubleshooting.md", "sansheng doctor --json", codes=(0, 1)),
    Manner("", "sansheng top", shows="sip1"),
    Manner("", "sansheng try sip1", shows="it rings\n.* answered\n.* it speaks"),
    Manner("docs/walk.md", "sansheng dialplan walk", shows="JH-6 orders the release"),
    Manner("docs/modems.md", "sansheng modem probe", shows=r"usr5637[\s\S]*For gateway.toml\n\[\[lines\]\]"),
    Manner("docs/troubleshooting.md", "sansheng modem probe", shows="usable +yes"),
    Manner(
        "docs/troubleshooting.md", "mosquitto_sub -t 'sansheng/+/alert/+'", until="restart_needed", meanwhile=ALERT
    ),
    Manner("docs/troubleshooting.md", "mosquitto_sub -t 'sansheng/+/alert/+' -v -W 2", codes=(0, 27)),
    Manner("docs/emulator.md", "python -m drivers.emulator", until="port /"),
    Manner("", "mosquitto_sub -t 'sansheng/#' -v", until="sansheng/jinan/status online"),
    Manner("docs/mqtt-security.md", "mosquitto_sub", until="line/x/state known", meanwhile=SAYS),
    Manner("docs/feed.md", "mosquitto_sub -t sansheng/jinan/alert -q 1", until="played bell.wav", meanwhile=ALERT),
    Manner("docs/feed.md", "mosquitto_sub -t 'sansheng/jinan/alert/+'", until="restart_needed", meanwhile=ALERT),
    Manner("docs/feed.md", "id=$(openssl", before="(umask 077; openssl rand -hex 32 > command.key)"),
    Manner("docs/feed.md", "python subscriber.py", until="sip1 ring", meanwhile="sleep 2; sansheng try sip1"),
    Manner("", "sansheng command agent agent=801 state=away", before=LOG_IN),
    Manner("", "sansheng command -c gateway.toml agent agent=801 state=away", before=LOG_IN),
    Manner("docs/wallboard.md", "sudo install -m 644 wallboard.pem", before="touch wallboard.pem wallboard.key"),
    Manner("docs/scale.md", "createuser", before="dropdb calls && dropuser sansheng"),
    Manner("docs/privacy.md", "sansheng numbers erase 1", before="sansheng tickets answer 1 --text done"),
    Manner("docs/home-assistant.md", "mosquitto_sub", codes=(0, 27)),
    Manner("docs/first-call.md", "sansheng init", before="rm -r /etc/sansheng"),
    Manner("docs/first-call.md", "/opt/sansheng/bin/python -m drivers.emulator", until="/tmp/modem"),
    # Figures of a busy machine may miss their goals, which is told.
    Manner("", "python -m benchmarks.", codes=(0, 1)),
    Manner("docs/database.md", "umask 077 && sqlite3 calls.db.corrupt", before=DAMAGED),
    Manner("docs/database.md", "createdb", before="dropdb calls"),
)

FOLDERS: dict[str, str] = {"sudo mkdir -p /etc/mosquitto/certs": "our-authority"}
"""Blocks that go on in a folder which an earlier one has made, by how they begin."""


def worded(page: str, statement: str) -> str:
    for where, word, stand_in in WORDS:
        if where in ("", page):
            statement = statement.replace(word, stand_in)
    return statement


def manner_of(page: str, statement: str) -> Manner:
    """The table's, of the longest beginning; else the plain one."""
    plain = re.sub(r"\s+", " ", statement)
    fitting = [m for m in MANNERS if m.page in ("", page) and plain.startswith(m.begins)]
    return max(fitting, key=lambda m: (m.page != "", len(m.begins)), default=Manner(page, ""))
