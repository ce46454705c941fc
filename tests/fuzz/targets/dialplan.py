"""A dialplan's TOML: every text is a dialplan, of which calls are made, or gives faults in its lines."""

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.call.plan import Plan
from gateway.config.document import parse_document
from gateway.config.faults import ConfigErrors
from gateway.config.places import DIALPLAN_FILE, SHIPPED_DIALPLANS
from gateway.dialplan import Call, Recording, compile_plan
from gateway.dialplan.load import dialplan_of
from tests.fuzz.target import Target

FILE = SHIPPED_DIALPLANS / "fuzzed" / DIALPLAN_FILE
AT = datetime(2026, 2, 17, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def attempt(data: bytes) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return  # read_document tells that, before there is a text
    try:
        dialplan = dialplan_of(parse_document(FILE, text), thorough=True)
    except ConfigErrors as wrong:
        check_faults(wrong, FILE, text)
        return
    recordings = defaultdict(lambda: Recording(Path("x.wav"), 1.0))
    for call in (Call("801"), Call("801", trainee=True, overflow=True, at=AT, warned=True)):
        assert isinstance(compile_plan(dialplan, recordings, call), Plan)
    for year in (1, 2026, 9999):
        dialplan.days.kind(date(year, 12, 31))


def check_faults(wrong: ConfigErrors, file: Path, text: str) -> None:
    """Every fault names a line of a file, in one line that a terminal can show."""
    assert wrong.faults
    lines = text.count("\n") + 1
    for fault in wrong.faults:
        assert fault.file != file or 1 <= fault.line <= lines, f"line {fault.line} of {lines}"
        assert str(fault).isprintable()
        assert len(str(fault)) < 3000, "nobody reads more"


SHIPPED = [path.read_bytes() for path in sorted(SHIPPED_DIALPLANS.glob(f"*/{DIALPLAN_FILE}"))]
SMALL = [
    b'base = "jihua-gas"\ntitle = "x"\n[parameters]\norganisation = "x"\n',
    b'base = "service-desk"\nwithout = ["phrases.manager"]\n'
    b'[greeting]\nclause = "ET-1"\ntext = "{organisation}"\n',
    b'[holidays.a]\nlunar = "1-1"\ndays = 7\n[calendar]\n"2026-02-17" = "a"\n2026-02-18 = "workday"\n',
    b"[[menu.choices]]\nkey = 1\na.b.c = [1, {x = 2}]\n\"q\\u0041\" = '''x'''\n",
]
TARGET = Target(
    "dialplan",
    "dialplan.toml",
    attempt,
    [*SMALL, *SHIPPED],
    (
        *(
            b"[a]\n",
            b"[[a]]\n",
            b"a.b = 1\n",
            b'"""',
            b"'''",
            b"= [",
            b"{",
            b"1979-05-27T07:32:00Z",
            b"\\U0010ffff",
        ),
        *(
            b"[",
            b"{a=" * 40,
            b"a." * 40,
            b"inf",
            b"nan",
            b"0x",
            b"1_000",
            b'""',
            b'"{',
            b"{agent}",
            b"{promised_time}",
        ),
        *(
            b'base = "jihua-gas"\n',
            b'without = ["phrases"]\n',
            b'clause = "JH-1"\n',
            b"[holidays.x]\n",
            b"wait = -1\n",
        ),
    ),
    longest=8192,
)
