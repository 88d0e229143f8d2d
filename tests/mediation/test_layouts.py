"""A county's own layouts: what is refused and why, what holds from when, and going back."""

import re
import zipfile
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document

from maplebridge.kernel.errors import InvalidInput, NotAllowed
from maplebridge.mediation.actions import put_layout
from maplebridge.mediation.models import PaperTemplate
from maplebridge.mediation.papers import make_paper
from maplebridge.mediation.papers.checking import MOST_BYTES, SAMPLE, check_layout
from maplebridge.mediation.papers.drawing import draw
from maplebridge.mediation.papers.facts import facts_for
from maplebridge.mediation.papers.layouts import LAYOUTS
from tests.mediation.test_papers import words


def docx(*lines):
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(data, extra=(), change=lambda _name, part: part):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, part in extra:
            new.writestr(name, part)
    return out.getvalue()


def fetching(name, part):
    link = (b'<Relationship Id="rId99" Type="http://x/attachedTemplate" '
            b'Target="http://example.org/x.dotm" TargetMode="External"/></Relationships>')  # fmt: skip
    return part.replace(b"</Relationships>", link) if name.endswith("document.xml.rels") else part


REFUSED = {
    "no docx": (lambda: b"\xd0\xcf\x11\xe0 an old .doc", "docx"),
    "a zip": (lambda: repacked(docx("x"))[:200], "docx"),
    "macros": (lambda: repacked(docx("x"), [("word/vbaProject.bin", b"x")]), "宏"),
    "fetches": (lambda: repacked(docx("x"), change=fetching), "外部"),
    "too large": (lambda: b"PK" + bytes(MOST_BYTES), "2 MB"),
    "unpacks": (lambda: repacked(docx("x"), [("word/media/a.xml", bytes(21 << 20))]), "docx|2 MB"),
    "unknown": (lambda: docx("{{ committe }}"), "committe"),
    "unknown in a row": (
        lambda: docx("{%p for p in parties %}", "{{ p.salary }}", "{%p endfor %}"), "salary",
    ),
    "not closed": (lambda: docx("{{ number "), "没有写完整"),
    "computes": (lambda: docx("{{ 'x' * 999999999 }}"), "计算"),
    "calls": (lambda: docx("{{ number.__class__.mro() }}"), "计算"),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_is_refused_says_why(case):
    make, said = REFUSED[case]
    with pytest.raises(InvalidInput) as refused:
        check_layout(make())
    assert re.search(said, str(refused.value.message)), refused.value.message


@pytest.mark.parametrize("code", list(LAYOUTS))
def test_our_own_layouts_pass_the_check(code):
    check_layout(draw(LAYOUTS[code]))


def test_every_fact_has_a_sample_of_its_shape(table, whole):
    facts = facts_for("agreement", whole, table.actor("he"))
    assert facts.keys() == SAMPLE.keys()
    for name, value in facts.items():
        if isinstance(value, list) and value:
            assert value[0].keys() == SAMPLE[name][0].keys(), name


def test_put_in_place_taken_out_and_back_again(table, whole, client):
    client.force_login(table.people.zhao)
    url = reverse("mediation:layout", args=["visit"])
    today = timezone.localdate()

    def put(data, **more):
        sent = {"command_id": uuid4(), "valid_from": today, **more}
        file = SimpleUploadedFile("回访.docx", data) if data else None
        return client.post(url, sent | ({"file": file} if file else {}))

    assert put(docx("{{ unknown }}")).status_code == 422
    assert put(b"").status_code == 422
    own = docx("本县回访 {{ number }}")
    assert put(own).status_code == 302
    assert words(make_paper("visit", whole, table.actor("he"))) == f"本县回访 {whole.number}"
    row = PaperTemplate.objects.get()
    assert row.person == table.people.zhao
    taken = client.get(reverse("mediation:layout_file", args=["visit", row.pk])).content
    assert taken == own
    assert "赵刚" in client.get(reverse("mediation:layouts")).content.decode()
    assert put(b"", back="1").status_code == 302
    assert "回访记录" in words(make_paper("visit", whole, table.actor("he")))
    assert PaperTemplate.objects.count() == 2  # nothing was changed, one was added
    assert "字段与“每一位当事人”相同。" in client.get(url).content.decode()  # of proxies
    ours = client.get(reverse("mediation:layout_file", args=["visit", 0])).content
    assert "{{" in words(ours) or "{%" in words(ours)


def test_only_those_who_keep_them_change_layouts(table, client):
    with pytest.raises(NotAllowed):
        put_layout("visit", docx("x"), timezone.localdate(), actor=table.actor("he"))
    for who in ("he", "li", "lin"):
        client.force_login(getattr(table.people, who))
        assert client.get(reverse("mediation:layouts")).status_code == 403
