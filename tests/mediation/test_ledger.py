"""Whoever changes, removes, adds or moves a step of a mediation is found out, by its name."""

import pytest
from django.db import IntegrityError, connection, transaction

from maplebridge.kernel import chain
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.models import MediationEvent
from maplebridge.trust.actions import erase_passage
from tests.mediation.conftest import MONDAY

LOCKED = ("mediation_mediationevent", "matters_matterevent")


def tamper(sql, *params):
    """As somebody with the database's own password would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in LOCKED:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        for name in LOCKED:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def found():
    return [str(problem) for problem in verify_ledger()]


@pytest.fixture
def mediation(table):
    mediation = table.agreed()
    assert found() == []
    return mediation


def test_steps_refuse_update_and_delete(mediation):
    for act in (lambda q: q.update(step="x"), lambda q: q.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act(MediationEvent.objects.all())


EVENT = "UPDATE mediation_mediationevent SET"
SWAP = "; ".join(
    f"{EVENT} version = {now} WHERE version = {was}" for was, now in ((3, 90), (4, 3), (90, 4))
)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (f"{EVENT} step = 'fail' WHERE version = 3", "step 3: was changed"),
        (f"{EVENT} at = at - interval '1 second' WHERE version = 2", "step 2: was changed"),
        (f"{EVENT} data = data || '{{\"consents\": false}}' WHERE version = 3", "step 3: was changed"),
        ("DELETE FROM mediation_mediationevent WHERE version = 5", "step 5: “open” is missing"),
        ("DELETE FROM mediation_mediationevent WHERE step = 'sign'", "“sign” is missing"),
        (SWAP, "step 3: was changed"),
        ("UPDATE mediation_mediation SET status = 'performed'", "its row does not agree"),
        ("UPDATE trust_passage SET text = '白四不赔' WHERE text = '白四赔偿'", "was changed"),
        ("DELETE FROM trust_passage WHERE text = '第一期'", "was changed"),
    ],
)  # fmt: skip
def test_a_changed_step_is_named(mediation, change, names):
    tamper(change)
    problems = found()
    assert any(names in p for p in problems), problems


def test_who_forges_a_digest_too_is_caught_by_the_chain(mediation):
    event = MediationEvent.objects.get(step="inform", version=3)
    event.data["consents"] = False
    event.digest = chain.digest(event.payload(), b"")
    tamper(
        f"{EVENT} data = jsonb_set(data, '{{consents}}', 'false'), digest = %s WHERE id = %s",
        event.digest, event.id,
    )  # fmt: skip
    assert any("step 3: is not the “inform”" in p for p in found()), found()


def test_an_added_step_is_in_no_chain(mediation):
    tamper(
        "INSERT INTO mediation_mediationevent (mediation_id, version, step, from_status, to_status, "
        "at, data, command_id, digest) SELECT mediation_id, version + 1, 'perform', to_status, "
        "to_status, at, '{}', gen_random_uuid(), digest FROM mediation_mediationevent "
        "WHERE step = 'sign'"
    )
    assert any("“perform” is not in the chain" in p for p in found())


def test_a_file_moved_to_another_matter_is_missed(table, mediation):
    tamper("UPDATE mediation_mediation SET matter_id = %s", table.quarrel().id)
    problems = found()
    assert any("“register” is missing" in p for p in problems)
    assert any("“register” is not in the chain" in p for p in problems)


def test_erased_words_still_verify(table, mediation):
    words = MediationEvent.objects.get(step="draft").data["words"]
    for passage in words:
        assert erase_passage(passage, table.actor("zhao"), "保存期满", at=MONDAY)
    assert found() == []
