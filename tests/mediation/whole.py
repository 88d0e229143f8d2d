"""A file with everything in it: talks, private talk, evidence, agreement, court, visit."""

from tests.matters.conftest import MONDAY


def whole_file(table):
    """Draw it up at this table, filed in the end."""
    mediation = table.mediating()
    one, two = table.parties(mediation)
    told = {"sex": "男", "ethnicity": "畲族", "age": "42", "occupation": "务农",
            "id_number": "332502198401010011", "id_checked": "yes"}  # fmt: skip
    for party in (one, two):
        table.take(mediation, "mend_party", party=party.id, **told)
    table.take(mediation, "add_party", side="applicant", kind="natural", name="代某",
               represents=one.id, authority="授权〔2026〕1号", power="special")  # fmt: skip
    proxy = table.parties(mediation)[2]
    table.take(mediation, "inform", party=proxy.id, consents="yes")
    table.take(mediation, "mend_party", party=proxy.id, id_checked="yes")
    table.take(mediation, "bring", companion="elder", name="叶老", consents="yes")
    table.take(mediation, "inquire", asked="邻居甲", minutes="问：看到什么？答：墙是雨后倒的。")
    table.take(
        mediation,
        "add_evidence",
        evidence="photo",
        title="倒塌围墙照片",
        party=one.id,
        pages=3,
        original="original",
    )
    table.take(mediation, "hold", minutes="双方到场核对事实。", room="joint", place="村委会",
               present=[one.id, two.id])  # fmt: skip
    table.take(mediation, "hold", minutes="愿意多赔两百。", room="private", party=two.id)
    rows = [{"party": two.id, "text": "赔偿围墙款", "amount": "1200.5", "due_on": "2026-12-01"}]
    table.take(mediation, "draft", facts="大雨致围墙倒塌。", issues="谁来修。", terms="白四出资修复。",
               manner="一次付清。", amount="1200.5", obligations=rows)  # fmt: skip
    for party in table.parties(mediation):
        for section in ("facts", "issues", "terms", "manner"):
            table.take(mediation, "approve", party=party.id, section=section)
    signatures = {str(p.id): "paper" for p in table.parties(mediation)}
    table.take(mediation, "sign", signed_on=MONDAY.date(), signatures=signatures)
    table.take(mediation, "ask_confirmation", asked_on=MONDAY.date(), court="龙泉市人民法院")
    table.take(
        mediation, "perform", obligation=mediation.obligations.get().id, done_on=MONDAY.date()
    )
    table.take(mediation, "complete")
    table.take(
        mediation,
        "visit",
        visited_on=MONDAY.date(),
        performance="done",
        satisfied="yes",
        note="和好如初。",
    )
    table.take(mediation, "file")
    return table.again(mediation)
