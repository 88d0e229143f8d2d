"""Whatever the description allows, and much it doesn't: never a fault, always a described answer."""

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from maplebridge.config.wsgi import application
from maplebridge.org.actions import issue_token
from tests.org.builders import build_town

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def token(db):
    """A dispatcher's token; requests share the test's connection instead of closing it."""
    build_town()
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield issue_token("li")
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.mark.django_db
@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_makes_a_fault(case, token):
    headers = {"Authorization": f"Bearer {token}"}
    answer = case.call(headers=headers)
    case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])
