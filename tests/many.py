"""One of everything made into many, by SQL: so that a list can be looked at with thirty rows.

Rows of the rooms are copied with the rows that refer to them; people, units and categories are not,
they stay whose they were. What has to be unique differs from copy to copy. Triggers and keys rest
meanwhile, so what is read afterwards may be counted and shown and is no ledger.
"""

from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

ROOMS = ("matters", "mediation", "fieldwork", "sync", "notify", "trust")
# Of these there is one, however much there is else.
SINGLE = {
    "SealKey", "Epoch", "DayRoot", "NumberCounter", "Committee", "PaperTemplate", "MediatorSkills",
    "Preference", "Channel", "Delivery", "Erasure",
}  # fmt: skip
STEP = 1_000_000  # between the numbers of a row and of its copies


def multiply(times: int) -> None:
    """Copy every row of the rooms so many times."""
    found = [m for room in ROOMS for m in apps.get_app_config(room).get_models(True)]
    found = [m for m in found if m.__name__ not in SINGLE and m._meta.managed]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in found:
            names, values = _copied(model, set(found))
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} "
                f"FROM {model._meta.db_table} t CROSS JOIN generate_series(1, {times}) k"
            )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _copied(model: Any, copied: set[Any]) -> tuple[str, str]:
    fields = [f for f in model._meta.local_concrete_fields if not f.generated]
    alone = _alone(model, copied)
    pairs = [(f'"{f.column}"', _value(f, copied, f.name in alone)) for f in fields]
    return ", ".join(name for name, _v in pairs), ", ".join(value for _n, value in pairs)


def _value(field: Any, copied: set[Any], alone: bool) -> str:
    column = f't."{field.column}"'
    kept = field
    while kept.remote_field is not None:
        if kept.remote_field.model not in copied:
            return column
        kept = kept.target_field
    if isinstance(kept, models.UUIDField):
        return f"md5({column}::text || k)::uuid"
    if isinstance(kept, models.IntegerField) and (field is not kept or field.primary_key):
        return f"{column} + k * {STEP}"
    if not (alone or field.unique):
        return column
    if isinstance(field, models.CharField):
        made = f"left(md5(nullif({column}, '') || k), greatest(length({column}), 8))"
        return f"coalesce({made}, '')"
    if isinstance(field, models.BinaryField):
        return f"decode(md5({column}::text || k), 'hex')"
    step = 100 if isinstance(field, models.SmallIntegerField) else STEP
    return f"{column} + k * {step}" if isinstance(field, models.IntegerField) else column


def _alone(model: Any, copied: set[Any]) -> set[str]:
    """Fields that must differ because nothing else in their unique constraint does."""
    found = set()
    for made in model._meta.constraints:
        if not isinstance(made, models.UniqueConstraint):
            continue
        fields = [model._meta.get_field(name) for name in made.fields]
        differs = any(
            isinstance(f, models.UUIDField) or (f.remote_field and f.remote_field.model in copied)
            for f in fields
        )
        able = [f.name for f in fields if isinstance(f, (models.CharField, models.IntegerField))]
        found |= set() if differs else {able[-1]}
    return found
