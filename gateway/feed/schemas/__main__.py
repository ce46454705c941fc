"""`python -m gateway.feed.schemas`: writes the schemas into this package, and docs/asyncapi.json."""

from collections.abc import Iterator
from pathlib import Path

from gateway.feed.schemas.asyncapi import asyncapi
from gateway.feed.schemas.catalogue import SCHEMAS, schema_text, written

PACKAGE = Path(__file__).parent
DOCUMENT = PACKAGE.parents[2] / "docs" / "asyncapi.json"


def files() -> Iterator[tuple[Path, str]]:
    """Every file that is made from the schemas, and what it must hold."""
    for name in SCHEMAS:
        yield PACKAGE / f"{name}.json", schema_text(name)
    yield DOCUMENT, written(asyncapi())


def main() -> None:
    """Write them; a schema that is no more goes."""
    made = dict(files())
    for old in PACKAGE.glob("*.json"):
        if old not in made:
            old.unlink()
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
