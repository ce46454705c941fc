"""What `sansheng check` finds in a dialplan that a test writes."""

from pathlib import Path

from gateway.config import ConfigErrors, Fault
from gateway.config.document import parse_document
from gateway.dialplan.load import dialplan_of

FILE = Path("mine/dialplan.toml")


def told(text: str) -> tuple[Fault, ...]:
    """What is found in a dialplan of one's own."""
    try:
        dialplan_of(parse_document(FILE, text), thorough=True)
    except ConfigErrors as errors:
        return errors.faults
    return ()


def over(base: str, text: str) -> list[str]:
    """`line: key: message` of each fault of a file whose base is shipped; the first line of `text` is line 2."""
    faults = told(f'base = "{base}"\n{text}')
    assert all(fault.file == FILE for fault in faults), faults
    return [f"{fault.line}: {fault.key}: {fault.message}" for fault in faults]
