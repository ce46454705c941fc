"""JSON Schemas of every payload of the feed, and the feed as an AsyncAPI document.

The schemas lie in this package as `<name>.json`, too, for `importlib.resources`; `python -m gateway.feed.schemas`
writes them.
"""

from gateway.feed.schemas.catalogue import KINDS, SCHEMAS, schema, schema_of, schema_text

__all__ = ["KINDS", "SCHEMAS", "schema", "schema_of", "schema_text"]
