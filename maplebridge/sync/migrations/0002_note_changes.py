"""Triggers that note for the phones what changed, whatever program writes it.

Each note carries the transaction's number, so that a reader can stop before the first one that
was still open (queries/changes.py).
"""

from django.db import migrations

NOTE = """
INSERT INTO sync_change (kind, thing, scope, xid, at)
    SELECT DISTINCT found.kind, found.thing, found.scope,
        pg_current_xact_id()::text::bigint, now()
    FROM ({found}) AS found (kind, thing, scope) ORDER BY 1, 2, 3
    ON CONFLICT (kind, thing, scope) DO UPDATE SET xid = excluded.xid, at = excluded.at
        WHERE sync_change.xid <> excluded.xid
"""


def function(name: str, found: str) -> str:
    """A trigger function that notes the rows a statement finds."""
    note = NOTE.format(found=found)
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {note};
    RETURN NULL;
END
$$;
"""


def trigger(name: str, table: str, event: str, call: str, when: str = "") -> str:
    """A trigger for each row; `when` keeps it from rows that no phone would tell apart."""
    condition = f"WHEN ({when})" if when else ""
    return f"""
CREATE TRIGGER {name} AFTER {event} ON {table}
    FOR EACH ROW {condition} EXECUTE FUNCTION {call}();
"""


# Many matters are opened by one statement of an import, so these are noted together.
MATTERS_OPENED = """
SELECT 'matter', id::text, 'm:' || area_code FROM opened
UNION ALL SELECT 'matter', id::text, 'u:' || lead_id FROM opened WHERE lead_id IS NOT NULL
"""
MATTER_CHANGED = """
SELECT 'matter', NEW.id::text, scope FROM unnest(ARRAY[
    'm:' || NEW.area_code, 'm:' || OLD.area_code, 'u:' || NEW.lead_id, 'u:' || OLD.lead_id
]) AS scope WHERE scope IS NOT NULL
UNION ALL SELECT 'matter', NEW.id::text, 'u:' || unit_id FROM matters_assignment
    WHERE matter_id = NEW.id AND role = 'helper' AND state NOT IN ('returned', 'replaced')
"""
PART_CHANGED = "SELECT 'matter', NEW.matter_id::text, 'u:' || NEW.unit_id"
PLACE_CHANGED = """
SELECT 'place', NEW.id::text, scope FROM unnest(ARRAY[
    'f:' || NEW.area_code, CASE WHEN TG_OP = 'UPDATE' THEN 'f:' || OLD.area_code END
]) AS scope WHERE scope IS NOT NULL
"""
NEED_CHANGED = "SELECT 'need', NEW.id::text, 'f:' || NEW.area_code"
MESSAGE_LEFT = "SELECT 'message', NEW.id::text, 'p:' || NEW.person_id"
MESSAGE_GONE = "SELECT 'message', OLD.id::text, 'p:' || OLD.person_id"
RECORD_CHANGED = "SELECT 'record', NEW.receipt::text, 'p:' || NEW.person_id"

SQL = "".join(
    [
        function("sync_matters_opened", MATTERS_OPENED),
        """
CREATE TRIGGER sync_matters_opened AFTER INSERT ON matters_matter
    REFERENCING NEW TABLE AS opened FOR EACH STATEMENT EXECUTE FUNCTION sync_matters_opened();
""",
        function("sync_matter_changed", MATTER_CHANGED),
        trigger("sync_matter_changed", "matters_matter", "UPDATE", "sync_matter_changed"),
        function("sync_part_changed", PART_CHANGED),
        trigger(
            "sync_part_changed", "matters_assignment", "INSERT OR UPDATE", "sync_part_changed",
            "NEW.role = 'helper'",
        ),
        function("sync_place_changed", PLACE_CHANGED),
        trigger(
            "sync_place_changed", "fieldwork_place", "INSERT OR UPDATE", "sync_place_changed"
        ),
        function("sync_need_changed", NEED_CHANGED),
        trigger("sync_need_changed", "fieldwork_need", "INSERT OR UPDATE", "sync_need_changed"),
        function("sync_message_left", MESSAGE_LEFT),
        trigger(
            "sync_message_left", "notify_message", "INSERT OR UPDATE", "sync_message_left"
        ),
        function("sync_message_gone", MESSAGE_GONE),
        trigger("sync_message_gone", "notify_message", "DELETE", "sync_message_gone"),
        function("sync_record_changed", RECORD_CHANGED),
        trigger(
            "sync_record_changed", "sync_submission", "UPDATE", "sync_record_changed",
            "NEW.version <> OLD.version",
        ),
    ]
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0001_devices_submissions_changes"),
        ("matters", "0006_open_matters_by_place"),
        ("fieldwork", "0001_places_needs_visits"),
        ("notify", "0001_messages_deliveries_channels"),
    ]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
