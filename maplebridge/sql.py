"""Rows by SQL of our own, for the few hot places where Django's query builder costs more than the
query: it needs ten times as long to say the same. Reading is for queries, writing for actions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, connections, models
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
Values = Callable[[Model], list[Any]]
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
        values += _values(*shape)(row)
    with connection.cursor() as cursor:
        cursor.execute(_inserting(shapes), values)
        ids = cursor.fetchone()
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias


def update_row(row: Model, names: tuple[str, ...]) -> None:
    """Write these fields of one row, as save(update_fields=names) without signals."""
    statement, values = _updating(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values(row), row.pk])


def copy_rows(rows: Iterable[Model]) -> None:
    """Write unsaved rows of one model in their order; ids that are not set come from the sequence.

    As bulk_create, without signals, conflicts and ids read back, at a third of its cost.
    """
    ready = list(rows)
    if not ready:
        return
    model, without_id = type(ready[0]), ready[0].pk is None
    fields, values = _fields(model, without_id), _values(model, without_id)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_table(model)} ({_columns(fields)}) FROM STDIN") as copy,
    ):
        for row in ready:
            copy.write_row(values(row))


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
def _updating(model: type[Model], names: tuple[str, ...]) -> "tuple[str, Values]":
    fields = [f for f in _fields(model, without_id=False) if f.name in names]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(f.column))} = %s" for f in fields)
    key = quote(str(model._meta.pk.column))
    return f"UPDATE {_table(model)} SET {sets} WHERE {key} = %s", _getter(fields)  # noqa: S608


@cache
def _fields(model: type[Model], without_id: bool) -> "list[Field[Any, Any]]":
    return [f for f in model._meta.concrete_fields if not (without_id and f.primary_key)]


def _columns(fields: "list[Field[Any, Any]]") -> str:
    return ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


@cache
def _values(model: type[Model], without_id: bool) -> "Values":
    return _getter(_fields(model, without_id))


def _getter(fields: "list[Field[Any, Any]]") -> "Values":
    """What takes a row's values for the driver: all at once, those of other fields prepared."""
    get = attrgetter(*(str(f.attname) for f in fields))
    others = [(i, f) for i, f in enumerate(fields) if not isinstance(f, AS_IT_IS)]

    def values(row: Model) -> list[Any]:
        found = get(row)
        plain = list(found) if len(fields) > 1 else [found]
        here = connections[connection.alias]  # `connection` itself looks this up at every word
        for index, field in others:
            plain[index] = field.get_db_prep_save(plain[index], here)
        return plain

    return values
