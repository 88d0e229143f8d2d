"""The promise, tried at random: what a phone says is saved is on the server exactly once, and no
phone says "sent" for what the server lacks.

Phones do random acts against a real server through a bad network; workers are reassigned, clocks
are off, the server is set back to an older backup. MAPLEBRIDGE_PHONE_STEPS runs longer (`make phones`),
MAPLEBRIDGE_PHONE_SEED runs one way again.
"""

import os
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from maplebridge.fieldwork.models import Place, Visit
from maplebridge.kernel.ids import uuid7
from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.matters.queries import verify_ledger
from maplebridge.org.models import Person, Post
from maplebridge.org.queries import actor_for, forget_directory
from maplebridge.sync import actions
from maplebridge.sync.models import Device, Submission
from maplebridge.sync.queries.ledger import ledger
from tests.files.pictures import encoded, picture
from tests.sync.conftest import enrolled
from tests.sync.phone import Offline, Refused
from tests.sync.proxy import FAULTS, Proxy
from tests.sync.server import Server, carry_to, copy_database, own_town

STEPS = int(os.environ.get("MAPLEBRIDGE_PHONE_STEPS", "700"))
SEED = int(os.environ.get("MAPLEBRIDGE_PHONE_SEED", "0")) or random.SystemRandom().randrange(10**9)
PHONES = 6
GRIDS = ["331181101201001", "331181101201002", "331181101202001"]
POINTS = {g: (119.055 + 0.01 * (i % 2), 27.955 + 0.01 * (i // 2)) for i, g in enumerate(GRIDS)}
PHOTO = encoded(picture())

pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.django_db(transaction=True)]


class Play:
    """The town, its phones, and what each phone was told to keep."""

    def __init__(self, seed, world, database):
        self.rng, self.world, self.database = random.Random(seed), world, database
        self.server = Server()
        self.proxy = Proxy(self.server.address)
        self.direct = carry_to(self.server.address)
        self.phones, self.made, self.done = [], {}, Counter()
        self.backup = None
        for index in range(PHONES):
            self.phones.append(self._new_phone(index))
        self.take_backup()

    def close(self):
        self.proxy.close()
        self.server.close()

    def _new_phone(self, index):
        world = self.world
        handler = index % 3 == 2
        person = world.people.wang if handler else self._worker(index)
        phone = enrolled(person, self.carry, skew=timedelta(days=self.rng.choice([0, 0, 3, -3])))
        phone.person = person
        Device.objects.filter(pk=phone.device).update(
            enrolled_at=timezone.now() - timedelta(days=9)
        )
        return phone

    def _worker(self, index):
        person = Person.objects.create(username=f"worker{index}", name=f"网格员{index}")
        post = Post.objects.create(
            person=person, kind="grid_worker", title="网格员", unit=self.world.units.grid1
        )
        post.areas.set([self.world.areas[GRIDS[index % len(GRIDS)]]])
        return person

    def carry(self, method, path, body, headers):
        """A phone's request goes through the bad network; how bad is drawn anew for each."""
        self.proxy.fault = "none" if self.rng.random() < 0.55 else self.rng.choice(FAULTS)
        self.done[self.proxy.fault] += 1
        return carry_to(self.proxy.address)(method, path, body, headers)

    # Acts.

    def record(self, phone):
        """The worker finishes a record."""
        matters = [row for (kind, _id), row in phone.held.items() if kind == "matter"]
        places = [row for (kind, _id), row in phone.held.items() if kind == "place"]
        last = max(phone.outbox, default=None)
        kind = self.rng.choice(
            ["report"] * 3
            + ["note"] * 3
            + ["step", "place", "visit", "bad", "chain", "draft", "photo"]
        )
        lon, lat = POINTS[self.rng.choice(GRIDS)]
        point = {"lon": lon, "lat": lat, "accuracy": 5}
        made = (
            phone.clock() - timedelta(hours=self.rng.randrange(0, 48))
            if self.rng.random() < 0.3
            else None
        )
        if kind == "note" and matters:
            row = self.rng.choice(matters)
            about = {"matter": int(row["id"]), "version": row["version"]}
            name = phone.record("note", {"note": f"看过 {phone.seq}"}, subject=about, made=made)
        elif kind == "step" and matters:
            row = self.rng.choice(matters)
            step = self.rng.choice(["accept", "start", "handle", "settle_on_spot", "helper_done"])
            fields = {
                "start": {"contact_result": "on_site"},
                "handle": {"result": "做完了"},
                "settle_on_spot": {"result": "当场办了"},
                "helper_done": {"result": "我们办完了"},
            }
            about = {"matter": int(row["id"]), "version": row["version"]}
            name = phone.record(
                "step", {"step": step, "fields": fields.get(step, {})}, subject=about, made=made
            )
        elif kind == "place":
            new = {"kind": "rental", "name": f"出租房{phone.seq}"}
            name = phone.record(
                "place", {"create": new}, subject={"place": str(uuid7())}, position=point
            )
        elif kind == "visit" and places:
            row = self.rng.choice(places)
            name = phone.record(
                "visit", {"met": "yes", "result": "都好"}, subject={"place": row["id"]}, made=made
            )
        elif kind == "bad":
            name = phone.record("report", {"text": "坏的", "category": "ZZ"})
        elif kind == "chain" and last:
            name = phone.record(
                "note", {"note": "接着说"}, subject={"record": str(last)}, after=last
            )
        elif kind == "draft":
            name = phone.record("draft", {"text": "写了一半"})
        elif kind == "photo":
            name = phone.record(
                "report", {"text": f"有照片 {phone.seq}"}, position=point, files=[(PHOTO, "photo")]
            )
        else:
            name = phone.record("report", {"text": f"第{phone.seq}件事"}, position=point, made=made)
        self.made[name] = (phone, phone.outbox[name].sha256)

    def sync(self, phone):
        """The phone tries to send and to read; the network may end it anywhere."""
        try:
            phone.send()
            if self.rng.random() < 0.5:
                phone.read(digest=self.rng.random() < 0.3)
            if phone.files and self.rng.random() < 0.5:
                phone.upload(part=self.rng.choice([300, 5000, 256 * 1024]))
        except Offline:
            self.done["offline"] += 1
        except Refused as refused:
            assert refused.status in {400, 401, 413, 422}, refused  # noqa: PT017

    def desk(self, _phone):
        """Somebody at the desk works on matters meanwhile."""
        matter = Matter.objects.filter(status="reported").order_by("?").first()
        if matter is not None:
            facts = {"category": "E02", "lead": "sanitation", "helpers": []}
            self.world.step(matter, "dispatch", actor_for(self.world.people.li), at=None, **facts)

    def tick(self, _phone):
        actions.apply_due()

    def reassign(self, phone):
        """The worker gets another grid, or loses the post, or has it again."""
        post = Post.objects.filter(person=phone.person).first()
        if post.kind == "handler":
            return
        if self.rng.random() < 0.3:
            gone = timezone.localdate() - timedelta(days=1)
            Post.objects.filter(pk=post.pk).update(valid_to=None if post.valid_to else gone)
        else:
            post.areas.set([self.world.areas[self.rng.choice(GRIDS)]])

    def turn_clock(self, phone):
        phone.skew = timedelta(days=self.rng.choice([-3, 0, 3]), seconds=self.rng.randrange(60))

    def take_backup(self, _phone=None):
        self.proxy.wait()
        self.server.let_go()
        connections.close_all()
        copy_database(self.database, f"{self.database}_backup")
        self.done["backups"] += 1

    def restore(self, _phone):
        """The server is set back; with `maplebridge restore` it begins an epoch, else phones tell."""
        self.proxy.wait()
        self.server.let_go()
        connections.close_all()
        copy_database(f"{self.database}_backup", self.database)
        forget_directory()
        if self.rng.random() < 0.5:
            actions.begin_epoch("restored", at=timezone.now())
        self.done["restores"] += 1

    def play(self, steps):
        acts = [self.record] * 40 + [self.sync] * 34 + [self.desk] * 4 + [self.tick] * 3
        rare = [self.reassign, self.turn_clock, self.take_backup, self.restore, self.reassign]
        for number in range(steps):
            act = self.rng.choice(rare) if self.rng.random() < 0.012 else self.rng.choice(acts)
            act(self.rng.choice(self.phones))
            self.done[act.__name__] += 1
            if number % 250 == 249:
                self.nobody_lies()

    # What must hold.

    def nobody_lies(self):
        """A phone that has just spoken with the server says "sent" for nothing it lacks."""
        phone = self.rng.choice(self.phones)
        phone.carry = self.direct
        phone.send()
        phone.carry = self.carry
        self._all_there(phone)

    def _all_there(self, phone):
        there = dict(
            Submission.objects.filter(contested=False, record__in=phone.outbox).values_list(
                "record", "sha256"
            )
        )
        for kept in phone.outbox.values():
            if kept.sent:
                assert bytes(there[kept.id]).hex() == kept.sha256

    def settle(self):
        """The network is good again: everybody sends and reads to the end."""
        self.proxy.wait()
        self.proxy.deliver_late()
        for _round in range(2):
            for phone in self.phones:
                phone.carry = self.direct
                phone.send()
                phone.upload()
            actions.apply_due()
        for phone in self.phones:
            try:
                if phone.read(digest=True)["drift"] or phone.read(digest=True)["drift"]:
                    phone.cursor = ""  # set back without an epoch: the digest tells
                    phone.read()
                assert phone.read(digest=True)["drift"] is False
            except Refused as refused:
                assert refused.body["code"] == "revoked"  # noqa: PT017 — the post was lost

    def everything_is_there_once(self):
        rows = {r.record: r for r in Submission.objects.filter(contested=False)}
        assert set(rows) == set(self.made)
        assert not Submission.objects.filter(contested=True).exists()
        for name, (phone, sha) in self.made.items():
            assert bytes(rows[name].sha256).hex() == sha
            assert phone.outbox[name].sent
        for phone in self.phones:
            self._all_there(phone)
        states = Counter(r.state for r in rows.values())
        assert states["kept"] == 0
        applied = {
            kind: {r.record for r in rows.values() if r.kind == kind and r.state == "applied"}
            for kind in ("report", "note", "step", "place", "visit")
        }
        assert (
            set(Report.objects.filter(channel="field").values_list("id", flat=True))
            == applied["report"]
        )
        assert Matter.objects.count() == len(applied["report"])
        events = set(MatterEvent.objects.values_list("command_id", flat=True))
        assert applied["note"] | applied["step"] <= events
        assert events.isdisjoint({r.record for r in rows.values() if r.state != "applied"})
        assert Place.objects.count() == len(applied["place"])
        assert set(Visit.objects.values_list("id", flat=True)) == applied["visit"]
        assert list(verify_ledger()) == []
        return states

    def the_ledgers_add_up(self):
        month = f"{timezone.localdate():%Y-%m}"
        for phone in self.phones:
            told = ledger(phone.person.id, month)
            assert told.counts["sent"] == sum(
                told.counts[w] for w in ("counted", "waiting", "returned")
            )
            assert told.counts["sent"] == len(told.rows)


def test_every_saved_record_is_there_once_and_no_phone_lies(settings, tmp_path, capsys):
    settings.MEDIA_ROOT = tmp_path
    began = time.process_time()
    with own_town() as (world, database):
        play = Play(SEED, world, database)
        try:
            play.play(STEPS)
            play.settle()
            states = play.everything_is_there_once()
            play.the_ledgers_add_up()
        except BaseException:
            print(f"MAPLEBRIDGE_PHONE_SEED={SEED} MAPLEBRIDGE_PHONE_STEPS={STEPS}")
            raise
        finally:
            play.close()
    with capsys.disabled():
        spent = time.process_time() - began
        print(
            f"\nphones: seed {SEED}, {STEPS} steps, {len(play.made)} records, {dict(states)}, {dict(play.done)}, {spent:.0f} CPU s"
        )
