"""Skills and proposals, committees, clashes, slips, signatures on the screen, and the figures."""

import base64
import re
import zipfile
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse
from docx import Document
from PIL import Image, ImageDraw

from maplebridge.files.models import Blob
from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.actions import mend_committee, tell_skills
from maplebridge.mediation.models import Committee
from maplebridge.mediation.papers import make_paper
from maplebridge.mediation.queries import conflicts
from maplebridge.mediation.queries.people import mediating_posts, propose_mediators
from maplebridge.mediation.signatures import PREFIX, read_drawn
from maplebridge.org.models import Post, Unit
from maplebridge.org.queries import directory
from maplebridge.trust.actions import erase_subject
from maplebridge.trust.models import AccessLog, VaultEntry
from tests.mediation.conftest import BAI, HUANG, MONDAY, TOWN
from tests.org.builders import COUNTY

TODAY = MONDAY.date()


def post_of(table, name):
    return getattr(table.people, name).posts.get()


def test_skills_and_language_lead_the_proposal(table, sign_in):
    client = sign_in("he")
    url = reverse("mediation:tell_skills", args=[post_of(table, "gao").id])
    told = {"command_id": uuid4(), "types": ["PM02"], "spoken": ["mandarin"],
            "languages": "温州话, 手语"}  # fmt: skip
    assert client.post(url, told).status_code == 302
    assert "温州话" in client.get(reverse("mediation:skills")).content.decode()
    mediation = table.accepted()
    assert "普通话/温州话/手语" in who_is_proposed(mediation)["gao"].reasons
    tell_skills(post_of(table, "he").id, ["PM02"], ["she"], actor=table.actor("gao"))
    told = {"parties": [{**HUANG, "language": "she"}, BAI], "matter": table.quarrel()}
    mediation = table.accepted(**told)
    assert list(who_is_proposed(mediation)) == ["he", "gao"]
    assert "会讲畲语（当事人希望使用）" in who_is_proposed(mediation)["he"].reasons
    table.take(mediation, "mend_party", party=table.parties(mediation)[1].id, language="温州话")
    assert who_is_proposed(mediation)["gao"].speaks == ("温州话",)
    address = reverse("mediation:file", args=[mediation.id])
    assert "畲语" in client.get(address).content.decode()
    table.take(mediation, "invite", starts_at=MONDAY, room="joint")
    sheet = reverse("mediation:invitations", args=[mediation.id, mediation.sessions.get().id])
    assert "您提出使用<b>畲语</b>" in client.get(sheet).content.decode()
    with pytest.raises(InvalidInput) as refused:
        table.register(parties=[{**HUANG, "language": "火星话"}, BAI], matter=table.quarrel())
    assert refused.value.field == "language"
    # Another committee's posts are not one's own to tell about.
    with pytest.raises(NotFound):
        tell_skills(post_of(table, "gao").id, [], [], actor=table.actor("tang"))
    with pytest.raises(InvalidInput):
        tell_skills(post_of(table, "gao").id, ["PM99"], [], actor=table.actor("he"))
    assert {p.person.username for p in mediating_posts([mediation.committee.unit_id], TODAY)} == {
        "he", "gao"
    }  # fmt: skip


def who_is_proposed(mediation):
    return {p.person.username: p for p in propose_mediators(mediation, MONDAY)}


def against(table, parties=(HUANG, BAI)):
    """What speaks against 何平 in a new dispute between these parties."""
    mediation = table.register(parties=parties, matter=table.quarrel())
    proposed = who_is_proposed(mediation)
    assert {"he", "gao"} <= proposed.keys()  # nobody is left out
    return proposed["he"].against


def test_a_conflict_of_interest_is_said_and_nobody_is_left_out(table):
    namesake, village = {**BAI, "name": "何 平"}, {**BAI, "kind": "legal", "name": "上村村民委员会"}
    own = {**BAI, "kind": "legal", "name": "上村调委会"}
    assert against(table) == ()
    for parties, reason in (([HUANG, namesake], conflicts.NAMESAKE), ([HUANG, own], conflicts.OWN_UNIT),
                            ([HUANG, village], conflicts.OWN_UNIT)):  # fmt: skip
        assert against(table, parties) == (str(reason),)
    assert against(table, [HUANG, {**BAI, "name": "何平安"}]) == ()
    Post.objects.create(person=table.people.he, kind="grid_worker", title="网格员",
                        unit=table.units.grid1)  # fmt: skip
    assert against(table) == (str(conflicts.NEIGHBOUR),)
    table.people.he.posts.filter(kind="grid_worker").delete()
    before = table.accepted(matter=table.quarrel())
    table.take(before, "object", party=table.parties(before)[0].id, mediator="he", reason="表亲")
    assert who_is_proposed(before)["he"].against == (str(conflicts.OBJECTED),)
    again = [{**HUANG, "name": "黄三三", "phone": "+86 138 0000 0001"}, BAI]
    assert against(table, again) == (str(conflicts.OBJECTED_BEFORE),)
    assert against(table, [{**HUANG, "phone": "", "name": "黄六"}, BAI]) == ()
    table.take(before, "recuse", mediator="he", reason="亲属")
    assert against(table, [{**HUANG, "phone": "", "name": "黄六"}, BAI]) == (
        str(conflicts.ASIDE_BEFORE),
    )
    assert not AccessLog.objects.exists()  # names were compared, never shown
    last = propose_mediators(before, MONDAY)[-1]
    assert (last.person.username, last.conflict) == ("he", True)


def test_a_committee_s_level_is_the_kind_of_its_unit(table, sign_in):
    code = table.units.special.code
    client = sign_in("zhao")
    assert client.get(reverse("mediation:committees")).status_code == 200
    url = reverse("mediation:committee", args=[code])
    told = {"command_id": uuid4(), "short_name": "八都医疗", "host": "society", "days": "20",
            "types": ["PM15"]}  # fmt: skip
    assert client.get(url).status_code == 200
    assert client.post(url, told | {"short_name": "上村"}).status_code == 422
    assert client.post(url, told | {"days": "31"}).status_code == 422
    assert client.post(url, told).status_code == 302
    row = Committee.objects.get(unit__code=code)
    assert (row.tier, row.stays, row.types) == ("special", 20, ["PM15"])
    table.accepted()  # a number with its short name was given
    facts = {"host": "village", "days": None, "types": []}
    with pytest.raises(Conflict):
        mend_committee("mediation-1", short_name="新名", actor=table.actor("zhao"), **facts)
    with pytest.raises(NotAllowed):
        mend_committee("mediation-1", short_name="上村", actor=table.actor("he"), **facts)
    for code, name, kind, area in (
        ("roads", "龙泉市道路交通事故纠纷人民调解委员会", "special_mediation", COUNTY),
        ("county-2", "龙泉市第二人民调解委员会", "county_mediation", COUNTY),
    ):
        Unit.objects.create(code=code, name=name, kind=kind, area=table.areas[area])
    assert client.post(reverse("mediation:committees")).status_code == 302
    roads, second = (Committee.objects.get(unit__code=c) for c in ("roads", "county-2"))
    assert (roads.short_name, roads.tier, roads.host) == (
        "龙泉市道路交通事故",
        "special",
        "society",
    )
    assert (second.short_name, second.tier, second.stays) == ("龙泉市第二", "county", 30)
    # Neither takes the duties of the township: those go by the kind of unit nearest to the place.
    found = directory().unit_near("town_mediation", "331181102201", TODAY)
    assert found == table.units.mediation


def invite(client, mediation, at, place, **more):
    mediation.refresh_from_db()
    url = reverse("mediation:step", args=[mediation.id, "invite"])
    told = {"command_id": uuid4(), "version": mediation.version, "starts_at": at, "room": "joint",
            "place": place, **more}  # fmt: skip
    return client.post(url, told)


def test_a_clash_is_said_once_and_the_mediator_decides(table, sign_in):
    one, two = table.accepted(), table.accepted(matter=table.quarrel())
    client = sign_in("he")
    assert invite(client, one, "2030-01-02T09:00", "村委会").status_code == 302
    assert invite(client, two, "2030-01-02T13:00", "村委会").status_code == 302
    warned = invite(client, two, "2030-01-02T10:00", "村委会")
    assert warned.status_code == 200
    said = warned.content.decode()
    assert one.number in said
    assert "何平" in said
    assert invite(client, two, "2030-01-02T10:00", "村委会", anyway="1").status_code == 302


def test_slips_and_invitations_are_each_party_s_own(table, sign_in):
    mediation = table.mediating()
    party, other = table.parties(mediation)
    client = sign_in("he")
    slip = client.get(reverse("mediation:slip", args=[mediation.id, party.id])).content.decode()
    assert party.code[:4] in slip
    assert other.code[:4] not in slip
    assert "白四" not in slip
    invite(client, mediation, "2030-01-02T09:00", "村委会二楼")
    session = mediation.sessions.get()
    url = reverse("mediation:invitations", args=[mediation.id, session.id])
    sheets = client.get(url).content.decode()
    for said in ("黄三", "白四", "2030年1月2日 09:00", "村委会二楼"):
        assert said in sheets
    for who in ("gao", "tang"):
        assert sign_in(who).get(url).status_code == 404
        assert (
            client.get(reverse("mediation:slip", args=[mediation.id, party.id])).status_code == 404
        )


def drawing():
    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).line([(50, 200), (400, 90), (800, 210)], fill="black", width=6)
    out = BytesIO()
    image.save(out, "PNG")
    return PREFIX + base64.b64encode(out.getvalue()).decode()


def test_a_signature_on_the_screen_stands_in_the_agreement(table, sign_in):
    mediation = table.drafted()
    one, two = table.parties(mediation)
    for party in (one, two):
        for section in ("facts", "issues", "terms", "manner"):
            table.take(mediation, "approve", party=party.id, section=section)
    mediation.refresh_from_db()
    client = sign_in("he")
    url = reverse("mediation:step", args=[mediation.id, "sign"])
    assert f"drawn_{one.id.hex}" in client.get(url).content.decode()
    told = {"command_id": uuid4(), "version": mediation.version, "signed_on": "2026-11-23",
            f"drawn_{one.id.hex}": drawing(), f"signed_{two.id.hex}": "on"}  # fmt: skip
    assert client.post(url, told | {f"drawn_{one.id.hex}": "data:x"}).status_code == 422
    assert client.post(url, told).status_code == 302
    mediation = table.again(mediation)
    signatures = mediation.agreement.signatures
    assert signatures[two.id.hex] == "paper"
    assert signatures[one.id.hex] == "screen"
    assert not Blob.objects.exists()  # no file: the vault has it
    assert not any(p.is_file() for p in Path(settings.MEDIA_ROOT).rglob("*.png"))
    assert len(pictures_in(make_paper("agreement", mediation, table.actor("he")))) == 1
    read = AccessLog.objects.filter(field="party.signature", subject=one.subject)
    assert list(read.values_list("person_id", flat=True)) == [table.people.he.id]
    assert pictures_in(make_paper("rights", mediation, table.actor("he"))) == []
    assert read.count() == 1  # it stands under that paper alone
    erase_subject(one.subject, table.actor("zhao"), "保管期满", at=MONDAY)
    paper = make_paper("agreement", table.again(mediation), table.actor("he"))
    assert pictures_in(paper) == []
    assert "屏幕签名已依法删除" in words_in(paper)
    assert bytes(VaultEntry.objects.get(field="party.signature").cipher) == b""
    assert list(verify_ledger()) == []
    with pytest.raises(InvalidInput):
        read_drawn("signatures", PREFIX + "!!")


def pictures_in(paper):
    with zipfile.ZipFile(BytesIO(paper)) as package:
        return [name for name in package.namelist() if name.startswith("word/media/")]


def words_in(paper):
    document = Document(BytesIO(paper))
    return "".join(c.text for t in document.tables for row in t.rows for c in row.cells)


def test_the_figures_by_level_and_as_workbooks_without_a_name(table, sign_in):
    table.agreed(parties=(HUANG, BAI))
    client = sign_in("zhao")
    query = f"?scope={TOWN}&begin=2026-11-01&end=2026-11-30"
    for tier, total in (("", 1), ("village", 1), ("town", 0)):
        page = client.get(f"{reverse('mediation:figures')}{query}&tier={tier}")
        figures = dict(page.context["groups"])
        whole = {f.row.code: f.value for f, _shown, _url in next(iter(figures.values()))}
        assert whole["total"] == total, tier
        assert ("<b>1,000.50</b>" in page.content.decode()) is bool(total)
        for link in re.findall(r'href="(/desk/mediations/figures/[^"]+)"', page.content.decode()):
            shown = client.get(link.replace("&amp;", "&"))
            assert shown.status_code == 200
    for name in ("figures_book", "records_book", "list_book"):
        client = sign_in("he" if name == "list_book" else "zhao")
        answer = client.get(reverse(f"mediation:{name}") + query + "&types=2010&list=keep")
        with zipfile.ZipFile(BytesIO(answer.content)) as package:
            book = "".join(package.read(n).decode() for n in package.namelist() if "xml" in n)
        for secret in ("黄三", "白四", "围墙倒塌", "13800000001"):
            assert secret not in book
        assert ("（2026）上村人调字第1号" in book) == (name != "figures_book")
        assert ("<t>是</t>" in book) == (name == "records_book")  # settled, not 有
