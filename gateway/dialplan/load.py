"""A dialplan from its folder to a checked model."""

from collections.abc import Iterator
from pathlib import Path

from gateway.config.document import Document, read_document
from gateway.config.faults import ConfigErrors, Fault
from gateway.config.models import GatewayConfig
from gateway.config.places import DIALPLAN_FILE, dialplan_folder, shipped_dialplans
from gateway.config.validate import validate
from gateway.dialplan.lint import language_faults
from gateway.dialplan.models import Dialplan


def load_dialplan(name: str | Path, base: Path | None = None) -> Dialplan:
    """Read and check the dialplan `name`: a shipped name, else a folder, relative to `base` (default: here).

    Raises ConfigErrors with every fault found, and nothing else.
    """
    folder = dialplan_folder(str(name), base or Path())
    if folder is None:
        shipped = ", ".join(shipped_dialplans())
        message = f"no such dialplan; allowed: {shipped}, or a folder with a {DIALPLAN_FILE}"
        raise ConfigErrors([Fault(Path(name), 1, "", message)])
    return dialplan_of(read_document(folder / DIALPLAN_FILE))


def dialplan_of(document: Document) -> Dialplan:
    """As `load_dialplan`, of a document already read."""
    dialplan = validate(Dialplan, document)
    dialplan._document = document
    faults = [*_cross_faults(dialplan), *language_faults(dialplan)]
    if faults:
        raise ConfigErrors(faults)
    return dialplan


def check_override(config: GatewayConfig, dialplan: Dialplan) -> None:
    """Raise ConfigErrors where the config's `[answer]` goes past what the dialplan's standard permits."""
    on_ring, limit = config.answer.on_ring, dialplan.answer.ring_limit
    if on_ring is not None and on_ring > limit:
        message = (
            f"is {on_ring}, but {dialplan.answer.clause} permits ring {limit} at the latest; allowed: 1 to {limit}"
        )
        raise ConfigErrors([config.document.fault(("answer", "on_ring"), message)])


def _cross_faults(dialplan: Dialplan) -> Iterator[Fault]:
    answer = dialplan.answer
    if answer.on_ring > answer.ring_limit:
        yield dialplan.document.fault(
            ("answer", "on_ring"),
            f"is {answer.on_ring}, but ring_limit is {answer.ring_limit}; allowed: 1 to {answer.ring_limit}",
        )
