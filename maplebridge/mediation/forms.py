"""Forms of mediations, made from the flow table and the kinds of its fields."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.files.uploads import hash_name
from maplebridge.kernel.flow import Step
from maplebridge.mediation.actions.cleaning import MOST_OBLIGATIONS
from maplebridge.mediation.fields import ASKED_OTHERWISE, FIELDS, ORDER, Field
from maplebridge.mediation.form_fields import (
    PLAIN,
    Choices,
    choice,
    kind_of,
    money,
    select,
)
from maplebridge.mediation.models import Mediation
from maplebridge.mediation.models.agreement import SECTIONS
from maplebridge.mediation.passing import committee_field, types_for
from maplebridge.mediation.queries.clashes import clashes
from maplebridge.mediation.queries.people import (
    languages_offered,
    mediators_of,
    named,
    signers,
)
from maplebridge.mediation.signatures import MOST_DRAWN
from maplebridge.trust.queries import passages
from maplebridge.ui.forms import ActForm, Checkboxes, Day

INSTALMENTS = 12  # rows offered at once, a year's; as many again stand free when all are filled


class StepForm(ActForm):
    """The fields of one step on one mediation; the act itself checks them.

    Obligations and signatures are asked row by row: `rows` says which fields make a row.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, step: Step, mediation: Mediation, names: dict[Any, str], *args: Any, **kwargs: Any
    ) -> None:
        """`names` maps subjects of the vault to the names the reader may see."""
        self.step, self.mediation, self.names = step, mediation, names
        self.photo_fields = [n for n in (*step.needs, *step.optional) if kind_of(n) == "photos"]
        self.rows: list[list[str]] = []
        self.signing: list[tuple[str, str]] = []
        begun = {"version": mediation.version, **self._begun()}
        kwargs["initial"] = begun | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name in (*step.needs, *step.optional):
            self._add(name, required=name in step.needs)
        self.order_fields(list(ORDER.get(step.name, ())))

    @property
    def clashes(self) -> list[str]:
        """What else is planned at the moment told for a session; nothing for other steps."""
        said = getattr(self, "cleaned_data", {})
        if self.step.name != "invite" or not said.get("starts_at"):
            return []
        return clashes(self.mediation, said["starts_at"], said.get("place", ""))

    def clean(self) -> dict[str, Any]:
        """Of a talk all together it is asked who was there: its record names them and they sign."""
        said = super().clean() or {}
        if self.step.name == "hold" and not said.get("present"):
            planned = said.get("session")
            room = self.mediation.sessions.get(pk=planned).room if planned else ""
            if (said.get("room") or room) == "joint":
                self.add_error("present", _("Say who was there."))
        return said

    def values(self) -> dict[str, Any]:
        """What `take` takes, with the photos taken before."""
        said = self.cleaned_data
        asked = (*self.step.needs, *self.step.optional)
        empty: tuple[Any, ...] = (None, "", [])
        told = {n: said[n] for n in asked if n in said and said[n] not in empty}
        if told.get("signature") is False:  # the box was not ticked
            del told["signature"]
        for name in self.photo_fields:
            if photos := self.photos_in(name):
                told[name] = photos
        if "obligations" in asked:
            told["obligations"] = self._told_obligations()
        if "signatures" in asked:
            told["signatures"] = self._told_signatures()
        if "signature" in asked and said.get("signature"):
            told["signature"] = "paper"
        return told

    @property
    def plain(self) -> list[forms.BoundField]:
        """Visible fields that stand in no row."""
        in_rows = {name for row in (*self.rows, *self.signing) for name in row}
        return [f for f in self.visible_fields() if f.name not in in_rows]

    @property
    def row_fields(self) -> list[list[forms.BoundField]]:
        """Rows of obligations, field by field."""
        return [[self[name] for name in row] for row in self.rows]

    @property
    def plain_hidden(self) -> list[forms.BoundField]:
        """Hidden fields that stand at no signature."""
        drawn = {screen for _paper, screen in self.signing}
        return [f for f in self.hidden_fields() if f.name not in drawn]

    @property
    def signature_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each party: that it signed the printed sheet, and what it drew on the screen."""
        return [(self[paper], self[screen]) for paper, screen in self.signing]

    @property
    def photo_inputs(self) -> list[dict[str, Any]]:
        """What the photo part needs for each field of photos."""
        return [
            {"name": n, "label": str(FIELDS[n].label), "hash_name": hash_name(n), "id": f"id_{n}",
             "hashes": self.photos_in(n)}
            for n in self.photo_fields
        ]  # fmt: skip

    def _add(self, name: str, *, required: bool) -> None:
        kind = kind_of(name)
        if kind == "photos":
            return
        if kind == "obligations":
            self._add_obligations()
        elif kind == "signatures":
            self._add_signatures()
        elif kind == "signature":
            self.fields[name] = forms.BooleanField(
                label=_("Has signed the printed sheet"), required=False
            )
        else:
            asked = ASKED_OTHERWISE.get((self.step.name, name), FIELDS[name])
            made = self._field(name, asked)
            made.required, made.label = required, str(asked.label)
            made.help_text = str(asked.help)
            self.fields[name] = made

    def _field(self, name: str, asked: Field) -> Any:
        kind = asked.kind
        if name == "section":
            draft = getattr(self.mediation, "agreement", None)
            there = [i for i in SECTIONS.items() if draft is None or i[0] in draft.sections]
            return forms.MultipleChoiceField(choices=there, widget=Checkboxes)
        if kind == "choice":
            return choice(asked.choices)
        if kind in PLAIN:
            return PLAIN[kind]()
        if kind == "mediators":
            choices: Any = mediators_of(self.mediation)
            return forms.MultipleChoiceField(choices=choices, widget=Checkboxes)
        if kind == "parties":
            return forms.MultipleChoiceField(choices=self._party_choices(), widget=Checkboxes)
        return self._chosen(kind)

    def _chosen(self, kind: str) -> forms.Field:
        mediation = self.mediation
        choices: dict[str, Any] = {
            "language": languages_offered,
            "type": lambda: types_for(mediation),
            "party": self._party_choices,
            "mediator": lambda: [(p.username, p.name) for p in mediation.mediators.all()],
            "session": lambda: [
                (
                    str(s.id),
                    f"{timezone.localtime(s.starts_at):%Y-%m-%d %H:%M} {s.get_room_display()}",
                )
                for s in mediation.sessions.filter(held_at__isnull=True)
            ],
            "obligation": self._obligation_choices,
        }
        if kind == "committee":
            return committee_field(mediation)
        if kind in choices:
            return select(choices[kind]())
        return forms.CharField(max_length=200)

    def _parties(self) -> list[Any]:
        return list(self.mediation.parties.order_by("order"))

    def _name(self, party: Any) -> str:
        return named(party, self.names)

    def _party_choices(self) -> Choices:
        return [(str(p.id), self._name(p)) for p in self._parties()]

    def _obligation_choices(self) -> Choices:
        open_rows = list(self.mediation.obligations.filter(done_on__isnull=True))
        words = passages([row.passage_id for row in open_rows])
        return [
            (str(r.id), f"{r.due_on} {words.get(r.passage_id, '')} {r.amount or ''}")
            for r in open_rows
        ]

    def _add_signatures(self) -> None:
        for party in signers(self._parties()):
            name = {"party": self._name(party)}
            label = _("%(party)s has signed the printed sheet") % name
            paper, screen = f"signed_{party.id.hex}", f"drawn_{party.id.hex}"
            self.fields[paper] = forms.BooleanField(label=label, required=False)
            self.fields[screen] = forms.CharField(
                label=_("%(party)s signs on the screen") % name, required=False,
                max_length=MOST_DRAWN, widget=forms.HiddenInput,
            )  # fmt: skip
            self.signing.append((paper, screen))

    def _told_signatures(self) -> dict[str, str]:
        said, told = self.cleaned_data, {}
        for party in self._parties():
            if drawn := said.get(f"drawn_{party.id.hex}"):
                told[str(party.id)] = drawn
            elif said.get(f"signed_{party.id.hex}"):
                told[str(party.id)] = "paper"
        return told

    def _add_obligations(self) -> None:
        parties = self._party_choices()
        told = [name.removeprefix("what_") for name in self.data]
        filled = [int(number) for number in told if number.isdecimal()]
        there = self.mediation.obligations.count()
        more = -there % INSTALMENTS or INSTALMENTS
        for n in range(1, min(max([there + more, *filled]), MOST_OBLIGATIONS) + 1):
            self.fields[f"owes_{n}"] = select(parties, label=_("Who"))
            self.fields[f"what_{n}"] = forms.CharField(
                label=_("What"), max_length=500, required=False
            )
            self.fields[f"yuan_{n}"] = money(label=_("Yuan"), required=False)
            self.fields[f"by_{n}"] = Day(label=_("By when"), required=False)
            self.rows.append([f"owes_{n}", f"what_{n}", f"yuan_{n}", f"by_{n}"])

    def _told_obligations(self) -> list[dict[str, Any]]:
        said = self.cleaned_data
        return [
            {"party": said[owes], "text": said[what], "amount": said[yuan], "due_on": said[by]}
            for owes, what, yuan, by in self.rows
            if said[what] or said[yuan] is not None or said[by]
        ]

    def _type_of_matter(self) -> str:
        """What the matter's category says already."""
        category = self.mediation.matter.category
        return category.mediation_type if category else ""

    def _begun(self) -> dict[str, Any]:
        """A form begins with what is there: the draft's present words, the type, this day."""
        start: dict[str, Any] = {
            "type": self.mediation.type or self._type_of_matter(),
            "difficulty": self.mediation.difficulty,
        }
        if "mediators" in self.step.needs and len(only := mediators_of(self.mediation)) == 1:
            start["mediators"] = [only[0][0]]
        today = timezone.localdate()
        start |= dict.fromkeys(
            ("signed_on", "done_on", "visited_on", "asked_on", "answered_on", "sent_on"), today
        )
        agreement = getattr(self.mediation, "agreement", None)
        if self.step.name not in {"draft", "agree_orally"}:
            return start
        if agreement is None:  # the words with which it was reported, to be put right
            first = self.mediation.matter.reports.order_by("received_at").first()
            start["facts"] = first.text if first else ""
        else:
            words = passages(list(agreement.sections.values()))
            start |= {n: words.get(UUID(kept), "") for n, kept in agreement.sections.items()}
            start["amount"] = agreement.amount
            rows = list(self.mediation.obligations.all())
            words = passages([row.passage_id for row in rows])
            for n, row in enumerate(rows, 1):
                text = words.get(row.passage_id, "")
                start |= {f"owes_{n}": str(row.party_id), f"what_{n}": text,
                          f"yuan_{n}": row.amount, f"by_{n}": row.due_on}  # fmt: skip
        return start
