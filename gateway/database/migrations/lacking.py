"""Statements that do nothing where their work is done already: gateways before the first version with a number
made the tables as they knew them, some with more columns and indices than others; and where a table has gone all
migrations are run again (`migrating.repair`), over those that are there. So each can be run twice, and what it
writes into rows it writes with the column that it adds."""

from typing import Any

from alembic import op
from sqlalchemy import Column, inspect
from sqlalchemy.schema import SchemaItem


def table(name: str, *items: SchemaItem, **options: Any) -> None:
    """Make the table; of one that is there, the columns it lacks. Those must be nullable: the rows that are there
    have nothing to put in them, and an earlier gateway goes on writing rows without them."""
    if not inspect(op.get_bind()).has_table(name):
        op.create_table(name, *items, **options)
    else:
        columns(name, *(item for item in items if isinstance(item, Column)))


def columns(name: str, *wanted: Column[Any]) -> set[str]:
    """Add the columns that a table lacks; gives their names."""
    there = {column["name"] for column in inspect(op.get_bind()).get_columns(name)}
    added = [column for column in wanted if column.name not in there]
    for column in added:
        op.add_column(name, column)
    return {column.name for column in added}


def index(name: str, of: str, on: list[str], **options: Any) -> None:
    """Make the index."""
    if name not in _indices(of):
        op.create_index(name, of, on, **options)


def no_index(name: str, of: str) -> None:
    """Drop the index."""
    if name in _indices(of):
        op.drop_index(name, of)


def _indices(of: str) -> set[str | None]:
    return {one["name"] for one in inspect(op.get_bind()).get_indexes(of)}
