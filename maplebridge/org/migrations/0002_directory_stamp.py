from django.db import migrations

# Everything `org.queries.Directory` holds. The number comes from a sequence, which never rolls
# back, so a directory read inside a transaction that failed can't pass for a later one.
TABLES = [
    "org_area",
    "org_boundary",
    "org_calendarday",
    "org_calendaryear",
    "org_category",
    "org_duty",
    "org_duty_helpers",
    "org_unit",
    "org_workseason",
]
TRIGGERS = "".join(
    f"""
CREATE TRIGGER {table}_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION org_stamp_directory();
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("org", "0001_areas_units_people_duties_calendar")]
    operations = [
        migrations.RunSQL(
            """
CREATE SEQUENCE org_directory_number;
INSERT INTO org_directorystamp (id, number) VALUES (1, nextval('org_directory_number'));
CREATE FUNCTION org_stamp_directory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO org_directorystamp (id, number) VALUES (1, nextval('org_directory_number'))
        ON CONFLICT (id) DO UPDATE SET number = excluded.number;
    RETURN NULL;
END
$$;
"""
            + TRIGGERS,
            migrations.RunSQL.noop,
        )
    ]
