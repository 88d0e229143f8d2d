"""The table of all steps of a mediation. Articles: 人民调解法 (2010).

Who: `mediator` is one of the assigned, `committee` anybody of the unit that mediates, `timer` time
itself, `party` one side by its code. What a party wishes the mediator may record too, as on paper.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maplebridge.kernel.flow import Flow, Step

STATUSES = {
    "registered": _("Registered"),
    "accepted": _("Taken up"),
    "mediating": _("In mediation"),
    "agreed": _("Agreed"),
    "performed": _("Performed"),
    "broken": _("Not performed"),
    "failed": _("Failed"),
    "refused": _("Not taken up"),
    "withdrawn": _("Withdrawn"),
    "passed_on": _("Passed on"),
}
ENDINGS = frozenset({"performed", "failed", "refused", "withdrawn", "passed_on"})
OPEN = ("registered", "accepted", "mediating", "agreed")
BEFORE = "registered accepted mediating"
# Ended without an agreement: the parties are told the other ways (Art. 26).
UNSETTLED = ("failed", "withdrawn", "refused")
# What may still be recorded when the dossier is filed; what a paper lacks can be put right.
AFTER_FILING = frozenset({"visit", "confirm", "perform", "complete", "mend_party", "remark"})
# What a colleague decides on the head alone, so that a file is never stuck with a mediator who was
# objected to, fell ill or left.
ON_THE_HEAD = frozenset({"appoint", "keep"})
# Agreements that are to be kept.
TO_KEEP = ("agreed", "broken")
# Ends of the talking, in whatever way; what follows is performance and filing.
OVER = ("agreed", "performed", "broken", "failed", "refused", "withdrawn", "passed_on")


def _step(
    name: str, label: object, sources: str, target: str | None, who: str, needs: str = "",
    optional: str = "", *, primary: bool = False, note: str = "",
) -> Step:  # fmt: skip
    return Step(
        name=name, label=label, sources=frozenset(sources.split()), target=target,
        who=frozenset(who.split()), needs=tuple(needs.split()), optional=tuple(optional.split()),
        primary=primary, note=note,
    )  # fmt: skip


# fmt: off
FLOW = Flow(
    statuses=STATUSES,
    initial="registered",
    endings=ENDINGS,
    steps=[
        # Taking up
        _step("add_party", _("Add a party"), BEFORE, None, "committee mediator",
              "side kind name", "phone address language represents authority power minor",
              note="the other side, a proxy with its letter, a guardian"),
        _step("mend_party", _("Mend a party's details"), f"{BEFORE} agreed performed broken failed",
              None, "committee mediator", "party",
              "name phone address language sex ethnicity age occupation id_number representative "
              "id_checked minor alone_since_16",
              note="ethnicity, age and the like only when a paper prints them"),
        _step("refuse", _("Do not take up"), "registered", "refused", "committee",
              "refusal", "instead reason", note="Art. 17; each with where to go instead"),
        _step("accept", _("Take up"), "registered", "accepted", "committee",
              "type mediators", "difficulty chosen", primary=True,
              note="Art. 17, 19; the number is given now; not against a party's clear refusal"),
        _step("appoint", _("Name other mediators"), "accepted mediating", None, "committee",
              "mediators reason", "chosen",
              note="Art. 19; chosen by the parties or after a recusal"),
        _step("object", _("A party objects to a mediator"), "accepted mediating", None,
              "committee mediator party", "party mediator reason",
              note="Art. 23; decided by `appoint` or `keep`"),
        _step("recuse", _("A mediator stands aside"), "accepted mediating", None, "mediator",
              "mediator reason",
              note="related to a party or concerned himself; another is named by `appoint`"),
        _step("keep", _("Keep the mediator"), "accepted mediating", None, "committee", "reason"),
        _step("inform", _("Rights and duties told"), "accepted mediating", None, "mediator",
              "party consents", "signature", note="Art. 23, 24; a clear no ends it"),
        _step("open", _("Open the mediation"), "accepted", "mediating", "mediator", primary=True,
              note="every party was informed and consents"),
        # Talking
        _step("invite", _("Plan a session"), "accepted mediating", None, "mediator",
              "starts_at room", "place parties"),
        _step("answer", _("An invitation was answered"), "accepted mediating", None,
              "mediator party", "session party answer"),
        _step("bring", _("Bring somebody in"), BEFORE, None, "mediator",
              "companion name consents", "phone", note="Art. 20; with the parties' consent"),
        _step("hold", _("Minutes of a session"), "mediating", None, "mediator",
              "minutes", "session room party present starts_at place photos", primary=True,
              note="a private talk is kept from the other side"),
        _step("inquire", _("Investigation record"), "accepted mediating", None, "mediator",
              "asked minutes", "starts_at place"),
        _step("add_evidence", _("Add evidence"), BEFORE, None, "mediator",
              "evidence title", "party original pages photos"),
        _step("extend", _("More time by consent"), "accepted mediating", None, "mediator",
              "until reason", note="one month, longer when the parties agree"),
        # Agreeing
        _step("draft", _("Draft the agreement"), "mediating", None, "mediator",
              "facts terms manner", "issues amount obligations",
              note="Art. 29; a change voids approvals"),
        _step("approve", _("A party approves a section"), "mediating", None, "mediator party",
              "party section"),
        _step("sign", _("Signed"), "mediating", "agreed", "mediator",
              "signed_on signatures", "copies", primary=True,
              note="Art. 29; all sections approved, every party signs"),
        _step("agree_orally", _("Oral agreement"), "mediating", "agreed", "mediator",
              "terms", "facts manner amount obligations signed_on", note="Art. 28, 30"),
        _step("fail", _("No agreement"), "mediating", "failed", "mediator",
              "reason", note="Art. 26; the other remedies are told"),
        _step("withdraw", _("Withdrawn by a party"), BEFORE, "withdrawn", "mediator committee",
              "party", "reason", note="Art. 23: to refuse or stop at any time"),
        _step("pass_on", _("Pass on"), BEFORE, "passed_on", "mediator committee",
              "committee reason", note="up, down or to a special committee, with the whole file"),
        # Keeping it
        _step("perform", _("An obligation was performed"), "agreed broken", None, "mediator",
              "obligation done_on", "note photos"),
        _step("send_proof", _("A party sends proof of performance"), "agreed broken", None,
              "party", "party obligation", "note photos",
              note="by its code; the mediator looks at it and notes the performance"),
        _step("complete", _("Everything is performed"), "agreed broken", "performed",
              "mediator timer", "", "", primary=True, note="Art. 31; every obligation is done"),
        _step("urge", _("Urge performance"), "agreed broken", None, "mediator", "obligation note",
              note="Art. 31"),
        _step("break_off", _("Not performed"), "agreed", "broken", "mediator",
              "obligation next_step", "reason", note="Art. 32"),
        _step("ask_confirmation", _("Ask the court to confirm"), "agreed performed broken", None,
              "mediator", "asked_on court", note="Art. 33: together, within 30 days"),
        _step("confirm", _("The court's answer"), "agreed performed broken", None, "mediator",
              "outcome answered_on", "court_number"),
        _step("visit", _("Return visit"), "agreed performed broken failed", None,
              "mediator committee", "visited_on performance satisfied", "note"),
        _step("report_back", _("Report to whoever entrusted"),
              "agreed performed broken failed refused withdrawn", None, "mediator committee",
              "sent_on", "note", note="the result goes back with its letter number"),
        # Filing
        _step("file", pgettext_lazy("mediation", "File the dossier"),
              "performed broken failed refused withdrawn passed_on", None, "mediator committee",
              "", "note", primary=True,
              note="the required papers are there, or their lack is explained"),
        _step("remark", _("Note"), f"{BEFORE} agreed performed broken failed", None,
              "mediator", "note"),
    ],
)
# fmt: on
