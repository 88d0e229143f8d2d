"""Real processes: the same batch many times at once, a server killed before it answers, a backup
taken back."""

import socket
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.matters.queries import verify_ledger
from maplebridge.org.models import Person
from maplebridge.sync import actions
from maplebridge.sync.models import Device, Epoch, SealKey, Submission
from maplebridge.sync.queries.receipts import left_to_apply
from maplebridge.sync.record import read_items
from tests.sync.conftest import enrolled
from tests.sync.phone import Offline
from tests.sync.server import carry_to, environment, own_town, process

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
AT_ONCE = 16
HERE = {"lon": 119.055, "lat": 27.955, "accuracy": 8.0}


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with own_town("server") as (town, _database):
        yield town


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def together(act, times=AT_ONCE):
    start = Barrier(times)

    def one(index):
        start.wait()
        return act(index)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_the_same_batch_sixteen_times_at_once_is_there_once(world):
    port = free_port()
    phone = enrolled(world.people.lin, carry_to(("127.0.0.1", port)))
    for i in range(5):
        phone.record("report", {"text": f"第{i}件事"}, position=HERE)
    last = max(phone.outbox)
    phone.record("note", {"note": "接着说"}, subject={"record": str(last)}, after=last)
    body = phone.batch(phone.unsent)
    with process(port, workers=2):
        answers = together(lambda _i: phone.call("POST", "/records", body))
        receipts = {r["id"]: {r["receipt"]} for a in answers for r in a["receipts"]}
        for answer in answers:
            for told in answer["receipts"]:
                receipts[told["id"]].add(told["receipt"])
        assert {len(numbers) for numbers in receipts.values()} == {1}
        actions.apply_due()
        phone.send()
    assert Counter(k.state for k in phone.outbox.values()) == {"applied": 6}
    assert Report.objects.count() == Matter.objects.count() == 5
    assert MatterEvent.objects.filter(step="remark").count() == 1
    assert Submission.objects.count() == 6
    assert list(verify_ledger()) == []


def test_many_phones_at_once_lose_and_double_nothing(world):
    port = free_port()
    people = [Person.objects.create(username=f"w{i}", name=f"员{i}") for i in range(8)]
    phones = []
    for person in people:
        post = person.posts.create(kind="grid_worker", title="网格员", unit=world.units.grid1)
        post.areas.set([world.areas["331181101201001"]])
        phones.append(enrolled(person, carry_to(("127.0.0.1", port))))
    for phone in phones:
        for i in range(10):
            phone.record("report", {"text": f"第{i}件事"}, position=HERE)
    with process(port, workers=2):
        together(lambda i: phones[i].send(), len(phones))
        actions.apply_due(seconds=60)
    assert all(k.sent for p in phones for k in p.outbox.values())
    assert Report.objects.count() == 80
    serials = sorted(
        int(n.rsplit("-", 1)[1]) for n in Matter.objects.values_list("number", flat=True)
    )
    assert serials == list(range(1, 81))


def test_two_processes_that_apply_what_a_rush_left_do_each_record_once(world, tmp_path):
    phones = [enrolled(world.people.lin) for _ in range(3)]
    for phone in phones:
        for i in range(10):
            report = phone.record("report", {"text": f"第{i}件事"}, position=HERE)
            phone.record("note", {"note": "接着说"}, subject={"record": str(report)}, after=report)
        device = Device.objects.select_related("person").get(pk=phone.device)
        items, _damaged = read_items(phone.batch(phone.unsent)["records"])
        told = actions.Told(timezone.now(), "", None, {}, None)
        actions.receive(device, told, items, seconds=0)
    assert left_to_apply(100) == 60
    connection.close()
    together(lambda _i: command_line(tmp_path / "data", "tick", "--records"), 2)
    actions.apply_due()
    assert set(Submission.objects.values_list("state", flat=True)) == {"applied"}
    assert Report.objects.count() == Matter.objects.count() == 30
    assert MatterEvent.objects.filter(step="remark").count() == 30
    assert list(verify_ledger()) == []


def test_a_server_killed_between_commit_and_answer_has_it_once(world):
    """The first worker process dies by SIGKILL once the raw bytes are committed, before any act."""
    port = free_port()
    phone = enrolled(world.people.lin, carry_to(("127.0.0.1", port)))
    name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
    with process(port, program=DIES), pytest.raises(Offline):
        phone.send()
    assert not phone.outbox[name].sent
    assert Submission.objects.get().state == "kept"  # kept, though nobody was told
    with process(port):
        phone.send()
    assert phone.outbox[name].state == "applied"
    assert Report.objects.count() == Submission.objects.count() == 1


def test_a_server_killed_after_the_act_has_it_once(world):
    port = free_port()
    phone = enrolled(world.people.lin, carry_to(("127.0.0.1", port)))
    name = phone.record("report", {"text": "路灯不亮"}, position=HERE)
    with process(port, program=DIES, env={"DIE": "receipts_of"}), pytest.raises(Offline):
        phone.send()
    assert Submission.objects.get().state == "applied"
    with process(port):
        phone.send()
    assert phone.outbox[name].state == "applied"
    assert Report.objects.count() == 1


# The real application in a single process that ends itself at a named moment.
DIES = """
import os, signal, sys
from wsgiref.simple_server import make_server
from maplebridge.config.wsgi import application
from maplebridge.sync.actions import receiving

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(receiving, os.environ.get("DIE", "apply_receipts"), die)
make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
"""


def command_line(data, *words):
    done = subprocess.run(
        [sys.executable, "-m", "maplebridge", "--data", str(data), *words],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_what_came_after_a_backup_is_offered_again_after_a_restore(world, tmp_path):
    """The real `maplebridge backup` and `restore`, with a phone that had everything sent."""
    phone = enrolled(world.people.lin)
    before = phone.record("report", {"text": "第一件事"}, position=HERE)
    phone.send()
    phone.read()
    connection.close()
    command_line(tmp_path / "data", "backup", str(tmp_path / "copy"))
    key = SealKey.objects.get().id
    after = phone.record("report", {"text": "第二件事"}, position=HERE)
    late = enrolled(world.people.lin)  # enrolled after the backup: unknown to it
    lost = late.record("report", {"text": "第三件事"}, position=HERE)
    phone.send()
    late.send()
    connection.close()
    command_line(tmp_path / "data", "restore", str(tmp_path / "copy"), "--force")
    assert set(Submission.objects.values_list("record", flat=True)) == {before}
    assert Epoch.objects.order_by("-id").first().cause == "restored"
    assert SealKey.objects.get().id == key
    phone.send()
    late.send()
    assert set(Report.objects.values_list("id", flat=True)) == {before, after, lost}
    assert all(k.sent and k.state == "applied" for p in (phone, late) for k in p.outbox.values())
    assert phone.read()["restart"]
    assert phone.read(digest=True)["drift"] is False
    assert list(verify_ledger()) == []
