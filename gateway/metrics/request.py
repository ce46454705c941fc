"""A scraper's HTTP request, as far as one page needs it. Pure."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

METHODS = ("GET", "HEAD")


class RequestWrong(Exception):
    """It is not answered with the page; the message is the status that it is answered with."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request for the page."""

    method: str
    query: str = ""
    accept: str = ""
    encoding: str = ""

    @classmethod
    def parse(cls, head: bytes, path: str) -> Self:
        """From what comes before the body, for a server that has nothing but `path`. Raises RequestWrong."""
        first, *fields = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        if not "".join((first, *fields)).replace("\t", "").isprintable():
            raise RequestWrong("400 Bad Request")
        try:
            method, target, version = first.split(" ")
            url = urlsplit(target)
        except ValueError:
            raise RequestWrong("400 Bad Request") from None
        if not version.startswith("HTTP/1."):
            raise RequestWrong("400 Bad Request")
        if url.path != path:
            raise RequestWrong("404 Not Found")
        if method not in METHODS:
            raise RequestWrong("405 Method Not Allowed")
        return cls(method, url.query, _field(fields, "accept"), _field(fields, "accept-encoding"))


def _field(fields: list[str], wanted: str) -> str:
    """A header's value; of one that stands there several times, all (RFC 9110 §5.3)."""
    split = (field.partition(":") for field in fields)
    return ", ".join(value.strip() for name, _, value in split if name.strip().lower() == wanted)
