"""Marked words in every confidential place of a file, looked for wherever somebody else may look."""

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from io import BytesIO
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from maplebridge.files.actions import store_photo
from maplebridge.insight.actions import make_digest
from maplebridge.insight.queries import number_of, scopes_on
from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.actions.filters import save_filter
from maplebridge.matters.queries import MatterFilter, matters_visible_to, saved_filters
from maplebridge.mediation.actions import draw_reviews, tick
from maplebridge.mediation.models import Claim, Mediation, Party, Review
from maplebridge.mediation.queries.dossier import hashes_in
from maplebridge.mediation.queries.statistics import rows
from maplebridge.mediation.signatures import PREFIX, read_drawn
from maplebridge.notify.models import Message
from maplebridge.org.actions import issue_token
from maplebridge.org.models import Person
from maplebridge.sync.models import Epoch
from maplebridge.sync.queries.changes import changes
from maplebridge.trust.models import AccessLog
from maplebridge.web.sheet import COLUMNS
from tests.config.test_addresses import ALL, BY_KIND, FILLING
from tests.kept import kept
from tests.mediation.conftest import MONDAY, build_table

TODAY = MONDAY.date()


def png(grey):
    out = BytesIO()
    image = Image.new("L", (90, 30), 255)
    image.paste(grey, (5, 5, 70, 9))
    image.save(out, "PNG")
    return out.getvalue()


def drawn_on_the_screen():
    return PREFIX + b64encode(png(0)).decode()


def stored(grey):
    data = png(grey)
    return store_photo(sha256(data).hexdigest(), data, at=MONDAY).sha256


# Where it stands → the words. Names of the sides stand apart: a colleague or a reviewer may know.
ABOUT = {
    "one.name": "甄姓壹号", "two.name": "贾姓贰号", "one.phone": "13900990011",
    "two.address": "暗巷九弄十三号", "one.sex": "雌雄密", "one.ethnicity": "暗族之人",
    "one.occupation": "守夜更夫密", "one.id_number": "332502198401019876",
    "proxy.name": "代理丙密", "proxy.authority": "密授权第九号", "companion": "乡贤丁密",
}  # fmt: skip
SAID = {
    "joint": "联席密语其一", "private": "私谈密语其二", "inquiry": "询问密语其三",
    "asked": "受问戊密", "evidence": "密证照片其四", "place": "密室所在其五", "remark": "密注其六",
    "objection": "申请回避密由其七", "extension": "延期密由其八", "facts": "事实密文其九",
    "issues": "争点密文其十", "terms": "条款密文十一", "manner": "方式密文十二",
    "obligation": "义务密文十三", "visit": "回访密文十四", "urge": "催告密文十五",
    "amount": "98765.43", "broken": "毁约密由十六",
}  # fmt: skip
PRIVATE_OF_ONE = (SAID["private"], ABOUT["one.phone"], ABOUT["one.id_number"])
INK = drawn_on_the_screen()
MARKS = (*ABOUT.values(), *SAID.values(), "98,765.43", read_drawn("signatures", INK))


@pytest.fixture
def table(db):
    return kept("marked", build)


@pytest.fixture
def marked(table):
    return Mediation.objects.get()


def build():
    table = build_table()
    mark(table)
    return table


def mark(table):
    """A file with a mark in every place, broken, its dossier filed and drawn for nobody yet."""
    parties = [
        {"side": "applicant", "kind": "natural", "name": ABOUT["one.name"],
         "phone": ABOUT["one.phone"]},
        {"side": "respondent", "kind": "natural", "name": ABOUT["two.name"],
         "address": ABOUT["two.address"]},
    ]  # fmt: skip
    m = table.accepted(parties=parties)
    one, two = table.parties(m)
    table.take(m, "mend_party", party=one.id, id_checked="yes", **{
        n: ABOUT[f"one.{n}"] for n in ("sex", "ethnicity", "occupation", "id_number")})  # fmt: skip
    table.take(m, "add_party", side="applicant", kind="natural", name=ABOUT["proxy.name"],
               represents=one.id, power="special", authority=ABOUT["proxy.authority"])  # fmt: skip
    for party in table.parties(m):
        table.take(m, "inform", party=party.id, consents="yes")
    table.take(m, "open")
    table.take(m, "object", party=one.id, mediator="he", reason=SAID["objection"])
    table.take(m, "keep", reason=SAID["objection"])
    table.take(m, "extend", until="2026-12-20", reason=SAID["extension"])
    table.take(m, "bring", companion="elder", name=ABOUT["companion"], consents="yes")
    table.take(m, "invite", room="joint", starts_at=MONDAY, place=SAID["place"])
    session = m.sessions.get()
    table.take(m, "hold", session=session.id, minutes=SAID["joint"], photos=[stored(90)])
    table.take(m, "hold", minutes=SAID["private"], room="private", party=one.id)
    table.take(m, "inquire", asked=SAID["asked"], minutes=SAID["inquiry"])
    table.take(m, "add_evidence", evidence="photo", title=SAID["evidence"], party=one.id,
               photos=[stored(50)])  # fmt: skip
    table.take(m, "remark", note=SAID["remark"])
    owes = {"party": two.id, "text": SAID["obligation"], "amount": SAID["amount"],
            "due_on": "2026-11-24"}  # fmt: skip
    sections = ("facts", "issues", "terms", "manner")
    table.take(m, "draft", amount=SAID["amount"], obligations=[owes],
               **{n: SAID[n] for n in sections})  # fmt: skip
    for party in table.parties(m):
        for section in sections:
            table.take(m, "approve", party=party.id, section=section)
    table.take(m, "sign", signed_on=TODAY,
               signatures={str(p.id): "paper" for p in table.parties(m)} | {str(one.id): INK})  # fmt: skip
    row = m.obligations.get()
    table.take(m, "urge", obligation=row.id, note=SAID["urge"])
    table.take(m, "visit", visited_on=TODAY, performance="not", satisfied="no", note=SAID["visit"])
    table.take(m, "break_off", obligation=row.id, next_step="court", reason=SAID["broken"])
    tick(timezone.now())
    for scope in scopes_on(TODAY):
        make_digest(scope, TODAY, timezone.now())
    return table.again(m)


def leaks(text):
    return [mark for mark in MARKS if mark in text]


def shown(address, text):
    """Marks on a page, but for the yuan of the ministry's table, which here are of this file alone."""
    counts = address.startswith(("/desk/mediations/figures", "/desk/mediations/records"))
    return [mark for mark in leaks(text) if not (counts and mark in {SAID["amount"], "98,765.43"})]


def text_of(answer):
    """What a browser was sent, workbooks and other files unpacked."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if data[:2] == b"PK":
        book = load_workbook(BytesIO(data))
        return "\n".join(str(c.value) for sheet in book for line in sheet for c in line)
    return data.decode("utf-8", "replace")


def addresses(mediation):
    """Every address of the site filled for this file; those with many fillings in each of them."""
    report = mediation.matter.reports.first()
    party = mediation.parties.first()
    claim, review = Claim.objects.first(), Review.objects.first()
    told = {
        "number": [mediation.matter.number], "mediation_id": [mediation.id],
        "report_id": [report.id], "claim_id": [claim.id if claim else uuid4()],
        "review_id": [review.id if review else uuid4()], "sha256": sorted(hashes_in(mediation)),
    }  # fmt: skip
    names = {
        "mediation:step": ["remark", "appoint"],
        "mediation:paper": ["cover", "minutes"],
        "mediation:files": [row.code for row in rows()][::30],
        "web:export": ["matters", "unit", "open", "supervise"],
        "insight:digest_of": [number_of(scope.key, TODAY) for scope in scopes_on(TODAY)],
    }  # fmt: skip
    for path, entry, spaces in ALL:
        name = ":".join((*spaces, entry.name or ""))
        asked = re.findall(r"<(?:(\w+):)?(\w+)>", path)
        found = ["/" + path]
        for kind, what in asked:
            many = names.get(name) or told.get(what) or [FILLING.get(what, BY_KIND.get(kind, "x"))]
            if what == "code" and "mediation" not in spaces:
                many = [report.code]
            if what == "code" and spaces[:1] == ("mediation",) and name not in names:
                many = [party.code]
            found = [
                re.sub(rf"<(?:\w+:)?{what}>", str(one), way, count=1)
                for way in found for one in many
            ]  # fmt: skip
        if spaces[:1] != ("admin",) and "api" not in spaces:
            yield from found


@cache
def queries():
    """More that an address may be asked for."""
    period = "begin=2026-11-01&end=2026-12-31&scope=331181101"
    return {
        "/desk/map/points": "bbox=118,27,120,29&zoom=16", "/desk/mediations": "list=keep",
        "/desk/mediations/figures": period, "/desk/mediations/claims/sheet": period,
        "/desk/mediations/claims/sheet.xlsx": period, "/desk/matters": "state=all&view=table",
    }  # fmt: skip


def walk(client, mediation):
    """(address, what came) of everything this person may open."""
    for address in sorted(set(addresses(mediation))):
        if address in {"/desk/sign-out", "/ui/basemap.pmtiles"}:
            continue
        for query in {"", queries().get(address, "")}:
            answer = client.get(f"{address}?{query}")
            if answer.status_code == 200:
                yield f"{address}?{query}", text_of(answer)


SEEN = {  # an address that this person must have seen, so that a walk is no walk past shut doors
    "li": "/desk/dispatch", "zhao": "/desk/mediations/figures", "chen": "/desk/verify",
    "wang": "/desk/unit", "lin": "/desk/", "tang": "/desk/mediations", "gao": "/desk/mediations",
}  # fmt: skip


def test_no_page_of_others_shows_a_mark(table, marked):
    for who in SEEN:
        look(table, marked, who)


def look(table, marked, who):
    client = Client()
    client.force_login(getattr(table.people, who))
    read = AccessLog.objects.count()
    opened = dict(walk(client, marked))
    assert any(address.startswith(SEEN[who]) for address in opened)
    assert {a: found for a, t in opened.items() if (found := shown(a, t))} == {}
    assert not any(sha256 in address for address in opened for sha256 in hashes_in(marked))
    for name in ("matters", "unit", "open", "supervise"):
        book = client.post(f"/desk/exports/{name}", {"columns": [c.code for c in COLUMNS]})
        assert leaks(text_of(book)) == [], name
    assert AccessLog.objects.count() == read  # nor was anything of it opened behind the page
    for mark in ABOUT["one.name"], ABOUT["one.phone"], SAID["terms"]:
        found = client.get("/desk/matters", {"q": mark})
        assert found.status_code == 200
        assert marked.matter.number not in found.content.decode(), mark
    nothing_is_found_by_a_mark(table.actor(who), marked)


def nothing_is_found_by_a_mark(actor, marked):
    """Neither typed into the search nor kept as a filter of the unit."""
    seen = matters_visible_to(actor)
    for mark in MARKS:
        wanted = MatterFilter.read({"q": mark[:60]})
        assert not wanted.apply(seen, timezone.now()).filter(pk=marked.matter_id).exists(), mark
    unit = actor.posts[0].unit_id
    save_filter(actor, unit, "查找", f"q={ABOUT['two.name']}", at=MONDAY)
    (kept,) = saved_filters(actor)
    found = MatterFilter.read(dict(parse_qsl(kept.query))).apply(seen, timezone.now())
    assert not found.exists()


def test_strangers_and_the_other_side_see_no_mark(table, marked):
    two = table.parties(marked)[1]
    opened = dict(walk(Client(), marked))
    assert any(a.startswith("/t/") for a in opened)
    assert {a: leaks(t) for a, t in opened.items() if leaks(t)} == {}
    for path, _entry, spaces in ALL:
        if "code" in path and spaces[:1] == ("public",) and "photos" not in path:
            address = "/" + re.sub(r"<slug:code>", two.code, path)
            answer = Client().get(re.sub(r"<slug:name>", "close", address))
            said = text_of(answer)
            assert [m for m in PRIVATE_OF_ONE if m in said] == [], address
            if answer.status_code == 200:
                assert leaks(said) == [] or "mediation" in path or "/m/" in address


def test_no_interface_message_or_chain_shows_a_mark(table, marked, client):
    epoch = Epoch.objects.create(name="first", began_at=MONDAY, cause="first")
    for who in ("li", "lin", "tang"):
        page = changes(table.actor(who), epoch, "")
        assert leaks(json.dumps([page.put, page.gone], default=str, ensure_ascii=False)) == []
        token = issue_token(who)
        for path in ("areas", "matters", f"matters/{marked.matter.number}", "sync/pack",
                     "sync/changes", "sync/ledger?month=2026-11", "categories"):  # fmt: skip
            answer = Client().get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {token}")
            assert leaks(text_of(answer)) == [], (who, path)
    assert Message.objects.exists()
    told = json.dumps(list(Message.objects.values()), default=str, ensure_ascii=False)
    assert leaks(told) == []
    the_admin_reads_none(client)
    the_chain_holds_none(marked)


def the_admin_reads_none(client):
    chief = Person.objects.create(username="root", name="管", is_staff=True, is_superuser=True)
    client.force_login(chief)
    for model in admin.site._registry:
        meta = model._meta
        at = f"/admin/{meta.app_label}/{meta.model_name}/"
        assert leaks(text_of(client.get(at))) == [], at
        for row in model.objects.all()[:1]:
            assert leaks(text_of(client.get(f"{at}{row.pk}/change/"))) == [], at


def the_chain_holds_none(marked):
    """Codes, ids and digests alone: what is chained can never be erased."""
    for event in (*marked.events.all(), *marked.matter.events.all()):
        assert leaks(json.dumps(event.data, ensure_ascii=False, default=str)) == [], event.step
    row = Mediation.objects.filter(pk=marked.pk).values().get()
    assert leaks(json.dumps(row, ensure_ascii=False, default=str)) == []


def test_its_mediator_reads_all_and_every_reading_is_logged(table, marked, client):
    client.force_login(table.people.he)
    address = f"/desk/mediations/{marked.id}"
    page = text_of(client.get(address))
    for place, mark in SAID.items():
        assert mark in page or f"{mark[:2]},{mark[2:]}" in page, place
    people = {p.subject for p in marked.parties.all()}
    logged = AccessLog.objects.filter(subject__in=people, person_id=table.people.he.id)
    assert set(logged.values_list("field", flat=True)) == {"party.name"}
    assert {p.subject for p in marked.parties.all()} == set(
        logged.values_list("subject", flat=True)
    )
    pictures = [client.get(f"{address}/photos/{sha256}") for sha256 in hashes_in(marked)]
    assert [p.status_code for p in pictures] == [200, 200]
    paper = client.get(f"{address}/papers/inquiry").content
    said = "".join(p.text for p in Document(BytesIO(paper)).paragraphs)
    assert SAID["asked"] in said
    assert SAID["inquiry"] in said
    assert ABOUT["one.phone"] not in page
    assert ABOUT["one.phone"] in text_of(client.post(address))
    assert logged.filter(field="party.phone").count() == 1
    assert all(marked.number in entry.purpose for entry in logged)


def test_a_reviewer_reads_the_dossier_drawn_for_him_until_he_is_done(table, marked, client):
    table.take(marked, "perform", obligation=marked.obligations.get().id, done_on=TODAY)
    table.take(marked, "complete")
    Party.objects.filter(mediation=marked).update(id_checked=True)
    table.take(marked, "file", note="齐全")
    people = [table.people.tang, table.people.gao]
    draw_reviews(seed="s", begin=TODAY, end=TODAY, share=1, reviewers=people,
                 actor=table.actor("zhao"), at=MONDAY)  # fmt: skip
    client.force_login(table.people.tang)
    address = f"/desk/mediations/{marked.id}"
    assert SAID["terms"] in text_of(client.get(address))
    assert AccessLog.objects.filter(person_id=table.people.tang.id).exists()
    Review.objects.update(done_at=MONDAY)
    assert client.get(address).status_code == 404
    with pytest.raises(MaplebridgeError):
        table.take(marked, "remark", who="tang", note="x")
