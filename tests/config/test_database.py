from django.db import connection


def test_tests_run_on_real_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)
    assert connection.pg_version >= 150000
