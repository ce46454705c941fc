"""How a report reads: the index that spares it the rows, and what the bench measures."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from benchmarks.report import __main__ as bench
from benchmarks.report.database import fill, gateway_toml
from benchmarks.report.month import SITE, Size
from gateway.database import connect, resolve
from gateway.kpi.groups import By
from gateway.records import RecordsConfig
from gateway.reports.counting import counted
from gateway.reports.reading import calls_read

pytestmark = pytest.mark.unit

ZONE = ZoneInfo("Asia/Shanghai")
OCTOBER = datetime(2026, 10, 1, tzinfo=ZONE)
SIZE = Size(200, OCTOBER, 31, lines=3, agents=4)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small month, as the bench makes it."""
    folder = tmp_path_factory.mktemp("month")
    fill(RecordsConfig(SITE, data_dir=folder), SIZE)
    (folder / "gateway.toml").write_text(gateway_toml(SIZE, "sqlite:///calls.db", "."), encoding="utf-8")
    return folder


@pytest.mark.parametrize("site", [SITE, None])
def test_calls_are_read_from_the_index_alone(month: Path, site: str | None) -> None:
    statements = []
    engine = connect(resolve("sqlite:///calls.db", month))
    with engine.connect() as connection:

        @event.listens_for(connection, "before_cursor_execute")
        def _note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
            statements.append((statement, parameters))

        assert counted(calls_read(connection, OCTOBER, None, ZONE, site), 3).overall.offered == SIZE.calls
        wide = next(one for one in statements if "attended_by" in one[0])
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {wide[0]}", wide[1]).all()
    engine.dispose()
    assert all("COVERING INDEX calls_figures" in row[-1] for row in plan), plan


def test_groups_are_in_the_order_people_count(month: Path) -> None:
    engine = connect(resolve("sqlite:///calls.db", month))
    with engine.connect() as connection:
        renamed = (
            call if call.line != "sip1-3" else type(call)(call.call, "sip1-10", call.agent, call.offered_at, 1)
            for call in calls_read(connection, OCTOBER, None, ZONE, SITE)
        )
        found = counted(renamed, 3)
    engine.dispose()
    assert list(found.groups[By.LINE]) == ["sip1-1", "sip1-2", "sip1-10"]


@pytest.mark.parametrize(("seconds", "code"), [("3600", 0), ("0.01", 1)])
def test_the_bench_runs_the_command_tells_its_cost_and_whether_it_is_too_much(
    month: Path,
    seconds: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bench, "OUTPUTS", (("--html", "report.html"),))
    assert bench.main(["--keep", str(month), "--seconds", seconds]) == code
    told = capsys.readouterr()
    (_, output) = told.out.splitlines()
    wall, processor, memory = map(float, output.split()[-3:])
    assert wall > 0.1
    assert processor > 0.1
    assert 10 < memory < 300
    assert ("took" in told.err) is bool(code)
    assert "服务质量报告" in (month / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wall", "memory", "over"),
    [
        (5.0, 300_000_000, None),
        (5.2, 91_000_000, "--json: took 5.20 s of 5 s"),
        (4.0, 301_000_000, "--json: took 301 MB of 300 MB"),
        (6.0, 400_000_000, "--json: took 6.00 s of 5 s, 400 MB of 300 MB"),
    ],
)
def test_what_the_bench_finds_too_much(wall: float, memory: int, over: str | None) -> None:
    cost = bench.Cost("--json", wall, processor=9.9, memory=memory)
    assert cost.over(bench.SECONDS, bench.MEGABYTES) == over
