"""pytest's side of the bench: options, the fixtures that every test uses, figures gathered, the report written."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from drivers.fxo.errors import FxoError
from hw_tests.bench.far_end import FarEnd
from hw_tests.bench.findings import Findings, Limit, limits_of
from hw_tests.bench.report import Case, Report, title_of
from hw_tests.bench.voice_modem import VoiceModemDriver

FINDINGS = pytest.StashKey[Findings]()
FACTS = pytest.StashKey[dict[str, str]]()
DEFAULT_FOLDER = Path(__file__).parent.parent / "reports"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("bench")
    group.addoption(
        "--report", help="folder for report.html and junit.xml (default: a new one below hw_tests/reports)"
    )
    group.addoption("--calls", type=int, help="calls in a row (default: what the environment file says)")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """The folder, once for all workers; JUnit's file in it."""
    if hasattr(config, "workerinput"):
        config.option.report = config.workerinput["report"]
        return
    if config.option.lg_env and not Path(config.option.lg_env).is_file():
        raise pytest.UsageError(f"{config.option.lg_env}: no such environment file; see hw_tests/environments")
    if config.option.report is None:
        name = f"{datetime.now():%Y-%m-%d-%H%M%S}"
        if config.option.lg_env:
            name += f"-{Path(config.option.lg_env).stem}"
        config.option.report = str(DEFAULT_FOLDER / name)
    folder = Path(config.option.report).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    config.option.report = str(folder)
    config.option.xmlpath = config.option.xmlpath or str(folder / "junit.xml")
    config.pluginmanager.register(Gatherer(folder), "bench report")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """A worker process is told which folder was chosen."""
    node.workerinput["report"] = node.config.option.report


@pytest.fixture(scope="session")
def modem(target: Any) -> VoiceModemDriver:
    """The modem under test."""
    driver: VoiceModemDriver = target.get_driver(VoiceModemDriver)
    return driver


@pytest.fixture(scope="session")
def far_end(target: Any) -> FarEnd:
    """Who calls it."""
    driver: FarEnd = target.get_driver(FarEnd)
    return driver


@pytest.fixture(scope="session")
def folder(request: pytest.FixtureRequest) -> Path:
    """Where the recordings go, beside the report."""
    return Path(request.config.getoption("--report"))


@pytest.fixture(scope="session")
def limits(env: Any) -> dict[str, Limit]:
    """The figures' limits in this environment."""
    try:
        return limits_of(env.config.data.get("options", {}).get("limits", {}))
    except ValueError as exc:
        pytest.exit(f"{env.config.filename}: {exc}", returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.fixture(scope="session")
def calls(request: pytest.FixtureRequest, env: Any) -> int:
    """How many calls in a row."""
    wanted: int | None = request.config.getoption("--calls")
    return int(env.config.get_option("calls", 3)) if wanted is None else wanted


@pytest.fixture(scope="session")
async def facts(modem: VoiceModemDriver, env: Any) -> dict[str, str]:
    """What was tested, with what, when; asked of the modem once."""
    path = Path(env.config.filename)
    try:
        identity = await modem.identity()
    except FxoError as exc:  # with no modem there is nothing to test; the message names the cure
        pytest.exit(str(exc), returncode=pytest.ExitCode.TESTS_FAILED)
    return identity | {
        "environment": f"{path.stem}: {env.config.get_option('title', path.name)}",
        "git commit": commit(),
        "date": datetime.now().astimezone().isoformat(" ", "seconds"),
    }


@pytest.fixture
def findings(
    request: pytest.FixtureRequest, facts: dict[str, str], limits: dict[str, Limit]
) -> Iterator[Findings]:
    """Where a test puts its figures; a figure beyond its limit fails it."""
    found = Findings(limits)
    request.node.stash[FINDINGS] = found
    request.node.stash[FACTS] = facts
    request.node.user_properties.extend(facts.items())
    yield found
    request.node.user_properties.extend((figure.name, str(figure)) for figure in found.figures)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Any:
    result = yield
    found = pyfuncitem.stash.get(FINDINGS, None)
    if found is not None and found.broken:
        pytest.fail("; ".join(f"{figure.name}: {figure}" for figure in found.broken), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Figures travel with the test's report, from a worker process, too."""
    report = yield
    found = item.stash.get(FINDINGS, None)
    report.bench = json.dumps(  # as text: a worker's report may carry plain values alone
        {
            "facts": item.stash.get(FACTS, {}),
            "figures": [asdict(figure) for figure in found.figures] if found else [],
            "journeys": [journey.relative() for journey in found.journeys] if found else [],
        }
    )
    return report


class Gatherer:
    """Where the reports arrive."""

    def __init__(self, folder: Path) -> None:
        self._report, self._folder = Report(), folder

    def pytest_runtest_logreport(self, report: Any) -> None:
        """One phase of a test: its call, or what went wrong before or after it."""
        if report.when != "call" and report.passed:
            return
        outcome = report.outcome if report.when == "call" or report.skipped else "error"
        reason, details = "", ""
        if report.skipped:
            reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        elif report.failed:
            details = report.longreprtext
        bench = json.loads(report.bench)
        self._report.facts.update(bench["facts"])
        self._report.cases[report.nodeid] = Case(
            title_of(report.nodeid), outcome, report.duration, reason, details,
            bench["figures"], bench["journeys"],
        )  # fmt: skip

    def pytest_sessionfinish(self) -> None:
        if self._report.cases:
            self._report.write(self._folder / "report.html")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for case in self._report.cases.values():
            for figure in case.figures:
                verdict = {True: "pass", False: "FAIL", None: "    "}[figure["kept"]]
                terminalreporter.write_line(f"{verdict}  {figure['name']}: {figure['value']}  ({figure['limit']})")
        if self._report.cases:
            terminalreporter.write_line(f"report: {self._folder / 'report.html'}")


def commit() -> str:
    """The product's git commit, and whether its files were changed since."""
    root = Path(__file__).parents[2]

    def git(*words: str) -> str:
        ran = subprocess.run(("git", *words), cwd=root, capture_output=True, text=True, check=True)
        return ran.stdout.strip()

    try:
        changed = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "HEAD") + (", with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown: not a git checkout"
