"""`sansheng calls`, of the gateway that a config file describes."""

from pathlib import Path

from gateway.cli import calls
from gateway.cli.calls import Choice
from gateway.config import load_config
from gateway.records.configured import records_config

__all__ = ["Choice", "draw_call", "list_calls", "show_call"]


def list_calls(config: Path, choice: Choice, *, as_json: bool) -> int:
    """As `calls.list_calls`. Raises ConfigErrors."""
    return calls.list_calls(records_config(load_config(config)), choice, as_json=as_json)


def show_call(config: Path, call_id: str, *, as_json: bool) -> int:
    """As `calls.show_call`. Raises ConfigErrors."""
    return calls.show_call(records_config(load_config(config)), call_id, as_json=as_json)


def draw_call(config: Path, call_id: str, file: Path, *, show_numbers: bool) -> int:
    """As `call_page.draw_call`. Raises ConfigErrors."""
    from gateway.cli import call_page  # templates, which the other commands need not load

    return call_page.draw_call(records_config(load_config(config)), call_id, file, show_numbers=show_numbers)
