"""The agreement and the other ends of talking."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.mediation.actions.beside import end_matter, pass_matter_on
from maplebridge.mediation.actions.effects.days import day_due, past_day
from maplebridge.mediation.actions.effects.opening import check_guardians
from maplebridge.mediation.actions.persons import mend_person
from maplebridge.mediation.actions.registering import carry_on
from maplebridge.mediation.actions.taking import Taking
from maplebridge.mediation.models import Agreement, Approval, Obligation, Party
from maplebridge.mediation.models.agreement import SECTIONS
from maplebridge.mediation.queries.people import signers
from maplebridge.mediation.rules import REMEDIES


def draft(taking: Taking) -> None:
    """A new edition of the agreement; approvals of the one before count no more."""
    agreement = _agreement(taking, oral=False)
    _write(taking, agreement)
    taking.data |= {"edition": agreement.edition}


def approve(taking: Taking) -> None:
    """A party approves a section of the present edition."""
    agreement = _present(taking)
    section, party = taking.values["section"], taking.values["party"]
    if section not in agreement.sections:
        raise InvalidInput("section", _("This section is not written yet."))
    everybody = list(taking.mediation.parties.all())
    if party.represents_id is not None and party not in signers(everybody):
        raise InvalidInput(
            "party", _("The letter of authority does not go so far: the party itself approves.")
        )
    Approval.objects.get_or_create(
        agreement=agreement, party=party, section=section, edition=agreement.edition,
        defaults={"at": taking.at},
    )  # fmt: skip
    taking.data |= {"party": party.id.hex, "section": section, "edition": agreement.edition}


def sign(taking: Taking) -> None:
    """Signed by every party (Art. 29): it takes effect that day."""
    agreement, values = _present(taking), taking.values
    signing = signers(list(taking.mediation.parties.all()))
    if missing := [p for p in signing if p.id.hex not in values["signatures"]]:
        raise InvalidInput(
            "signatures", _("%(party)s has not signed.") % {"party": str(missing[0])}
        )
    lacking = unapproved(agreement, signing)
    if lacking:
        party, section = lacking[0]
        raise Conflict(
            _("%(party)s has not approved “%(section)s”.")
            % {"party": str(party), "section": SECTIONS[section]}
        )
    day = past_day(taking, "signed_on")
    agreement.signed_on, agreement.signatures = day, _kept_signatures(taking, signing)
    # One copy for each party, one stays with the committee (Art. 29).
    agreement.copies = values.get("copies") or len(signing) + 1
    agreement.save()
    _agreed(taking)


def _kept_signatures(taking: Taking, signing: list[Party]) -> dict[str, str]:
    """How each signed, by id: on paper, or on the screen, whose drawing goes into the vault."""
    told, kept = taking.values["signatures"], {}
    for party in signing:
        how = told[party.id.hex]
        if how != "paper":
            mend_person(party.subject, {"party.signature": how}, taking.at)
        kept[party.id.hex] = "paper" if how == "paper" else "screen"
    return kept


def agree_orally(taking: Taking) -> None:
    """Noted by the mediator, in effect when it was reached (Art. 28, 30)."""
    agreement = _agreement(taking, oral=True)
    _write(taking, agreement)
    taking.values.setdefault("signed_on", timezone.localdate(taking.at))
    agreement.signed_on = past_day(taking, "signed_on")
    agreement.save()
    _agreed(taking)


def _agreed(taking: Taking) -> None:
    check_guardians(list(taking.mediation.parties.all()))
    taking.data["number"] = taking.mediation.number
    said = _("Mediated: the parties agreed (%(number)s).") % {"number": taking.mediation.number}
    end_matter(taking, said)


def fail(taking: Taking) -> None:
    """No agreement; the other remedies are told (Art. 26)."""
    taking.data["remedies"] = True
    end_matter(taking, str(REMEDIES))


def withdraw(taking: Taking) -> None:
    """A party stops it, as it may at any time (Art. 23)."""
    taking.data |= {"party": taking.values["party"].id.hex, "remedies": True}
    end_matter(taking, f"{_('A party ended the mediation.')} {REMEDIES}")


def pass_on(taking: Taking) -> None:
    """To another committee, which goes on with the whole file."""
    there = taking.values["committee"]
    taking.data["committee"] = there.unit.code
    taking.mediation.status = taking.target  # one mediation of a matter is open at a time
    taking.mediation.save(update_fields=["status"])
    later = carry_on(taking.mediation, there, taking.actor, taking.command_id, taking.at)
    taking.data["later"] = later.id.hex
    pass_matter_on(taking, there)


def unapproved(agreement: Agreement, parties: list[Party]) -> list[tuple[Party, str]]:
    """What is not approved yet of the present edition: (party, section)."""
    there = set(
        agreement.approvals.filter(edition=agreement.edition).values_list("party_id", "section")
    )
    return [(p, s) for s in agreement.sections for p in parties if (p.id, s) not in there]


def _agreement(taking: Taking, *, oral: bool) -> Agreement:
    found = Agreement.objects.filter(mediation=taking.mediation).first()
    if found is None:
        return Agreement(mediation=taking.mediation, oral=oral)
    found.edition, found.oral = found.edition + 1, oral
    return found


def _present(taking: Taking) -> Agreement:
    found = Agreement.objects.filter(mediation=taking.mediation).first()
    if found is None:
        raise Conflict(_("Write a draft of the agreement first."))
    return found


def _write(taking: Taking, agreement: Agreement) -> None:
    values = taking.values
    owed = values.get("obligations", [])
    for row in owed:
        day_due(taking, row["text"], row["due_on"])
    written = {name: values[name] for name in SECTIONS if values.get(name)}
    agreement.sections = {name: taking.keep(text).hex for name, text in written.items()}
    agreement.amount = values.get("amount") or _sum(owed)
    agreement.save()
    taking.mediation.obligations.all().delete()
    Obligation.objects.bulk_create(
        Obligation(
            mediation=taking.mediation, party=row["party"], order=order,
            passage_id=taking.keep(row["text"]), amount=row["amount"], due_on=row["due_on"],
        )
        for order, row in enumerate(owed, 1)
    )  # fmt: skip


def _sum(owed: list[dict[str, Any]]) -> Decimal | None:
    """What all instalments come to, where nobody told the amount; None where nothing is paid."""
    told = [row["amount"] for row in owed if row["amount"] is not None]
    return sum(told, Decimal(0)) if told else None
