"""Rows by SQL of our own, for the few hot places where Django's query builder costs more than the
query: it needs ten times as long to say the same. Reading is for queries, writing for actions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, connections, models
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
# Values that the driver takes as they stand; acts set them in their own type, never as text.
AS_IT_IS = (
    models.CharField, models.TextField, models.IntegerField, models.FloatField,
    models.BooleanField, models.DateField, models.UUIDField, models.ForeignKey,
)  # fmt: skip


def read(model: type[M], rest: str, params: Sequence[Any] | Mapping[str, Any]) -> list[M]:
    """Rows of one table; `rest` is the statement after FROM, such as "WHERE id = %s"."""
    start, names, converters = _reading(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{start} {rest}", params)
        rows = [list(row) for row in cursor.fetchall()]
    for row in rows:
        for index, convert in converters:
            row[index] = convert(row[index])
    return [model.from_db(connection.alias, names, row) for row in rows]


def read_one(model: type[M], rest: str, params: Sequence[Any]) -> M | None:
    """The first of such rows, or None."""
    return next(iter(read(model, rest, params)), None)


def insert_rows(*rows: Model) -> None:
    """Write new rows of any models in one statement; those without an id get it.

    As save(force_insert=True) of each, without signals, at a quarter of its cost.
    """
    shapes = tuple((type(row), row.pk is None) for row in rows)
    values: list[Any] = []
    for row, shape in zip(rows, shapes, strict=True):
        values += _plain(_fields(*shape), row)
    with connection.cursor() as cursor:
        cursor.execute(_inserting(shapes), values)
        ids = cursor.fetchone()
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias


def update_row(row: Model, names: tuple[str, ...]) -> None:
    """Write these fields of one row, as save(update_fields=names) without signals."""
    statement, fields = _updating(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_plain(fields, row), row.pk])


def copy_rows(rows: Iterable[Model]) -> None:
    """Write unsaved rows of one model in their order; ids that are not set come from the sequence.

    As bulk_create, without signals, conflicts and ids read back, at a third of its cost.
    """
    ready = list(rows)
    if not ready:
        return
    model = type(ready[0])
    fields = _fields(model, ready[0].pk is None)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_table(model)} ({_columns(fields)}) FROM STDIN") as copy,
    ):
        for row in ready:
            copy.write_row(_plain(fields, row))


@cache
def _reading(
    model: type[Model],
) -> tuple[str, list[str], list[tuple[int, Callable[[Any], Any]]]]:
    """The statement's beginning, the attributes in its order, and which values to convert how."""

    def bound(convert: Callable[..., Any]) -> Callable[[Any], Any]:
        return lambda value: convert(value, None, connection)

    fields = _fields(model, without_id=False)
    converters = [
        (index, bound(convert))
        for index, field in enumerate(fields)
        for convert in field.get_db_converters(connection)
    ]
    start = f"SELECT {_columns(fields)} FROM {_table(model)}"  # noqa: S608 — our own names
    return start, [str(f.attname) for f in fields], converters


@cache
def _inserting(shapes: tuple[tuple[type[Model], bool], ...]) -> str:
    parts = []
    for number, (model, without_id) in enumerate(shapes):
        fields = _fields(model, without_id)
        marks = ", ".join(["%s"] * len(fields))
        key = connection.ops.quote_name(str(model._meta.pk.column))
        parts.append(
            f"row{number} AS (INSERT INTO {_table(model)} ({_columns(fields)}) "  # noqa: S608
            f"VALUES ({marks}) RETURNING {key} AS id)"
        )
    ids = ", ".join(f"(SELECT id FROM row{number})" for number in range(len(shapes)))  # noqa: S608
    return f"WITH {', '.join(parts)} SELECT {ids}"


@cache
def _updating(model: type[Model], names: tuple[str, ...]) -> "tuple[str, list[Field[Any, Any]]]":
    fields = [f for f in _fields(model, without_id=False) if f.name in names]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(f.column))} = %s" for f in fields)
    key = quote(str(model._meta.pk.column))
    return f"UPDATE {_table(model)} SET {sets} WHERE {key} = %s", fields  # noqa: S608


@cache
def _fields(model: type[Model], without_id: bool) -> "list[Field[Any, Any]]":
    return [f for f in model._meta.concrete_fields if not (without_id and f.primary_key)]


def _columns(fields: "list[Field[Any, Any]]") -> str:
    return ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _plain(fields: "list[Field[Any, Any]]", row: Model) -> list[Any]:
    here = connections[connection.alias]  # `connection` itself looks this up at every word
    return [
        getattr(row, f.attname)
        if isinstance(f, AS_IT_IS)
        else f.get_db_prep_save(getattr(row, f.attname), here)
        for f in fields
    ]
