"""What a committee tells of itself: skills of its mediators, host, days and types."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from maplebridge.kernel.text import clean_text
from maplebridge.mediation.models import Committee, MediatorSkills
from maplebridge.mediation.rules import HOSTS, LIMIT_DAYS, TYPES_2021, language_code
from maplebridge.org.models import Post
from maplebridge.org.rules import Actor

KEEPERS = ("administrator", "supervisor")
MOST_LANGUAGES = 6


@transaction.atomic
def tell_skills(
    post_id: int, types: Sequence[str], languages: Sequence[str], *, actor: Actor
) -> MediatorSkills:
    """What a mediator is good at and which languages he speaks, told by him or a colleague of his
    committee. Raises NotFound for a post elsewhere, InvalidInput (types, languages)."""
    post = Post.objects.filter(pk=post_id, kind="handler", unit_id__in=actor.unit_ids).first()
    if post is None or not Committee.objects.filter(unit_id=post.unit_id).exists():
        raise NotFound(_("This person does not mediate in this committee."))
    if not set(types) <= TYPES_2021.keys():
        raise InvalidInput("types", _("Choose one of the given answers."))
    spoken = [clean_text(one, field="languages", limit=20) for one in languages]
    spoken = list(dict.fromkeys(language_code(one) for one in spoken if one))
    if len(spoken) > MOST_LANGUAGES:
        raise InvalidInput("languages", _("At most six languages."))
    told, _new = MediatorSkills.objects.update_or_create(
        post=post, defaults={"types": sorted(set(types)), "languages": spoken}
    )
    return told


@transaction.atomic
def mend_committee(
    unit_code: str, *, short_name: str, host: str, days: int | None,
    types: Sequence[str], actor: Actor,
) -> Committee:  # fmt: skip
    """Put a committee's short name, host, days and types right; its level is its unit's kind.

    The short name stands in its numbers, so it is fixed once there is one. Raises NotFound,
    NotAllowed, Conflict, InvalidInput (short_name, host, days, types).
    """
    if not actor.holds(*KEEPERS):
        raise NotAllowed(_("Your post does not include this."))
    row = Committee.objects.select_for_update(of=("self",)).filter(unit__code=unit_code).first()
    if row is None:
        raise NotFound(_("There is no such committee."))
    name = clean_text(short_name, field="short_name", limit=12)
    if not name:
        raise InvalidInput("short_name", _("This is needed."))
    if Committee.objects.filter(short_name=name).exclude(pk=row.pk).exists():
        raise InvalidInput("short_name", _("Another committee has this short name."))
    if name != row.short_name and row.mediations.filter(serial__isnull=False).exists():
        raise Conflict(_("Its short name stands in numbers already given and stays."))
    if host not in HOSTS:
        raise InvalidInput("host", _("Choose one of the given answers."))
    if days is not None and not 1 <= days <= LIMIT_DAYS:
        raise InvalidInput("days", _("Choose 1 to 30 days."))
    if not set(types) <= TYPES_2021.keys():
        raise InvalidInput("types", _("Choose one of the given answers."))
    row.short_name, row.host, row.days = name, host, days
    row.types = sorted(set(types)) if row.tier == "special" else []
    row.save()
    return row
