"""`sansheng calls show ID --html FILE`."""

from pathlib import Path

from gateway.cli.exits import FAULT, complain, unless_spoiled
from gateway.records import RecordsConfig, RecordsError, Store
from gateway.reports.call_page import call_html
from gateway.reports.pages import PageNotWritten, write_page


def draw_call(config: RecordsConfig, call_id: str, file: Path, *, show_numbers: bool = False) -> int:
    """Draw one call as a page into `file`, over what is there; `call_id` may be the beginning of an id. Gives the
    exit code."""
    try:
        with Store(config) as store:
            call = store.call(call_id)
            events = store.timeline(call.call)
        write_page(file, call_html(call, events, show_numbers=show_numbers))
    except (RecordsError, PageNotWritten) as error:
        return complain(error, FAULT)
    return unless_spoiled(store.unreadable)
