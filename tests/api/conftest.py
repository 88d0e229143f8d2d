import json
from types import SimpleNamespace

import pytest
from django.test import Client

from maplebridge.org.actions import issue_token
from tests.matters.conftest import World
from tests.org.builders import build_town


@pytest.fixture
def world(db):
    return World(**vars(build_town()))


@pytest.fixture
def call(world):
    """call("GET", "/matters", who="li") → answer with `.status` and `.body`."""
    tokens = {}

    def send(method, path, body=None, *, who=None, raw=None, language="en", token=None):
        if who and who not in tokens:
            tokens[who] = issue_token(who)
        headers = {"accept-language": language}
        if who or token:
            headers["authorization"] = f"Bearer {token or tokens[who]}"
        data = raw if raw is not None else json.dumps(body) if body is not None else b""
        answer = Client(headers=headers).generic(
            method, f"/api/v1{path}", data, content_type="application/json"
        )
        found = json.loads(answer.content) if "json" in answer["Content-Type"] else None
        return SimpleNamespace(status=answer.status_code, body=found, raw=answer)

    return send
