from django.db import migrations

from maplebridge.trust.rules import APPEND_ONLY_SQL, LEDGER_LOCK

# A writer of events shares the lock that closing a day takes alone, and a closed day takes no
# more events, whatever program writes.
GUARD = f"""
CREATE FUNCTION matters_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({LEDGER_LOCK});
    IF EXISTS (
        SELECT 1 FROM trust_dayroot WHERE day >= (NEW.at AT TIME ZONE 'Asia/Shanghai')::date
    ) THEN
        RAISE EXCEPTION 'the ledger of % is closed', (NEW.at AT TIME ZONE 'Asia/Shanghai')::date
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER matters_event_guard BEFORE INSERT ON matters_matterevent
    FOR EACH ROW EXECUTE FUNCTION matters_event_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0001_reports_matters_events"),
        ("trust", "0001_vault_and_ledger"),
    ]
    operations = [
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY_SQL("matters_matterevent"), migrations.RunSQL.noop),
    ]
