"""Why somebody should perhaps not mediate here. The reason is said, nobody is left out: the parties
and the committee decide (人民调解法 Art. 19, 23)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.models import Mediation, MediationEvent, Party
from maplebridge.org.models import Person, Post
from maplebridge.trust.actions import alike, standing_in

GRID = 15  # digits of a grid's code
EARLIER = timedelta(days=3 * 365)  # how long an objection in another dispute is remembered
MOST = 60  # of such objections
# A village as a party: 上村 is 上村村民委员会 and 上村股份经济合作社.
VILLAGE_BODIES = ("民委员会", "村民委员会", "村委会", "股份经济合作社", "经济合作社")

OBJECTED = _("a party objected")
ASIDE = _("stood aside: related or concerned")
NAMESAKE = _("bears the same name as a party: ask whether they are related")
OWN_UNIT = _("his own unit or village is a party")
NEIGHBOUR = _("works in this very grid: ask whether he is a neighbour of a party")
OBJECTED_BEFORE = _("a party of the same name or telephone objected to him in another dispute")
ASIDE_BEFORE = _("stood aside in another dispute with a party of the same name or telephone")


def conflicts(
    mediation: Mediation, people: Collection[Person], at: datetime | None = None
) -> dict[int, list[str | Promise]]:
    """What speaks against each person, by id, the weightiest first; absent where nothing does.

    Names are compared inside the vault and not shown.
    """
    found: dict[int, list[str | Promise]] = defaultdict(list)
    parties = list(mediation.parties.all())
    for ids, reason in (*_in_this_dispute(mediation), *_in_others(mediation, parties, people, at)):
        for person_id in ids:
            found[person_id].append(reason)
    for reason, ids in _by_post(mediation, parties, people, at).items():
        for person_id in ids:
            found[person_id].append(reason)
    return found


RULED_BY = ("object", "recuse", "appoint", "keep")


def last_ruling() -> Subquery:
    """The last step of a file about its mediators, as an annotation of mediations."""
    steps = MediationEvent.objects.filter(mediation=OuterRef("pk"), step__in=RULED_BY)
    return Subquery(steps.order_by("-version").values("step")[:1])


def to_decide(mediation: Mediation) -> bool:
    """True while an objection or a recusal waits for the committee: another one, or the same."""
    if mediation.status not in FLOW.step("appoint").sources:
        return False
    if not hasattr(mediation, "ruling"):
        steps = mediation.events.filter(step__in=RULED_BY).order_by("-version")
        return steps.values_list("step", flat=True).first() in {"object", "recuse"}
    return mediation.ruling in {"object", "recuse"}


def _in_this_dispute(mediation: Mediation) -> list[tuple[set[int], Promise]]:
    """Objections and recusals in any file of this dispute."""
    events = MediationEvent.objects.filter(
        mediation__matter=mediation.matter_id, step__in=["object", "recuse"]
    )
    rows = list(events.values_list("step", "data__mediator"))
    told = {step: {who for name, who in rows if name == step} for step in ("object", "recuse")}
    return [(told["object"], OBJECTED), (told["recuse"], ASIDE)]


def _by_post(
    mediation: Mediation, parties: list[Party], people: Collection[Person], at: datetime | None
) -> dict[Promise, set[int]]:
    """Namesakes, one's own unit or village as a party, and whoever works in the grid itself."""
    names = standing_in(_of(parties, "natural"), "party.name", {p.name for p in people}, whole=True)
    day = timezone.localdate(at)
    posts = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), person__in=[p.id for p in people],
        valid_from__lte=day,
    ).select_related("unit__area").prefetch_related("areas")  # fmt: skip
    bodies: dict[int, set[str]] = defaultdict(set)
    near = set()
    for post in posts:
        bodies[post.person_id] |= {post.unit.name, *_village_bodies(post)}
        grids = {area.code for area in post.areas.all()} | {post.unit.area.code}
        if len(mediation.area_code) == GRID and mediation.area_code in grids:
            near.add(post.person_id)
    known = standing_in(
        _of(parties, "legal"), "party.name", set().union(*bodies.values()), whole=False
    )
    return {
        OWN_UNIT: {person_id for person_id, names_ in bodies.items() if names_ & known},
        NAMESAKE: {p.id for p in people if p.name in names},
        NEIGHBOUR: near,
    }


def _village_bodies(post: Post) -> set[str]:
    area = post.unit.area
    return {area.name + body for body in VILLAGE_BODIES} if area.level == "village" else set()


def _in_others(
    mediation: Mediation, parties: list[Party], people: Collection[Person], at: datetime | None
) -> Iterable[tuple[set[int], Promise]]:
    """The same in other disputes, where a party seems to be the same person."""
    recent = MediationEvent.objects.filter(
        step__in=["object", "recuse"], data__mediator__in=[p.id for p in people],
        at__gte=(at or timezone.now()) - EARLIER,
    ).exclude(mediation__matter=mediation.matter_id)  # fmt: skip
    rows = list(recent.order_by("-at").values_list("step", "data", "mediation_id")[:MOST])
    if not rows:
        return []
    theirs: dict[UUID, set[tuple[str, int]]] = defaultdict(set)
    sides = Party.objects.filter(mediation__in={row[2] for row in rows}, kind="natural")
    by_file: dict[UUID, list[Party]] = defaultdict(list)
    for party in sides:
        by_file[party.mediation_id].append(party)
    for step, data, file in rows:
        for party in by_file[file]:
            if step == "recuse" or data.get("party") == party.id.hex:
                theirs[party.subject].add((step, data["mediator"]))
    same = alike(_of(parties, "natural"), theirs, ("party.name", "party.phone"))
    told = set().union(*(theirs[subject] for subject in same))
    return [
        ({who for step, who in told if step == "object"}, OBJECTED_BEFORE),
        ({who for step, who in told if step == "recuse"}, ASIDE_BEFORE),
    ]


def _of(parties: Iterable[Party], kind: str) -> set[UUID]:
    return {party.subject for party in parties if party.kind == kind}
