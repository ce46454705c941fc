"""One call drawn as a page, on one time axis."""

from gateway.reports.call_page.page import CallPage, call_html, call_page

__all__ = ["CallPage", "call_html", "call_page"]
