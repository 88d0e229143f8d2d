"""What else is planned when a session is: the same room, or the same mediator."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.mediation.models import Mediation, Session

AROUND = timedelta(minutes=90)  # as long as a talk usually takes


def clashes(mediation: Mediation, starts_at: datetime, place: str) -> list[str]:
    """In words, without a name of any party: rooms and mediators taken within an hour and a half
    of the moment."""
    near = Session.objects.filter(
        held_at__isnull=True, starts_at__gt=starts_at - AROUND, starts_at__lt=starts_at + AROUND,
        mediation__ended_at__isnull=True,
    ).select_related("mediation__committee")  # fmt: skip
    mediators = list(mediation.mediators.all())
    same_room = Q(mediation__committee=mediation.committee_id, place=place) if place else Q(pk=None)
    found = near.filter(same_room | Q(mediation__mediators__in=mediators)).distinct()
    told = []
    for one in found.order_by("starts_at").prefetch_related("mediation__mediators"):
        at = f"{timezone.localtime(one.starts_at):%H:%M}"
        number = one.mediation.number
        if place and one.place == place and one.mediation.committee_id == mediation.committee_id:
            told.append(
                _("%(place)s is taken at %(at)s (%(number)s).")
                % {"place": place, "at": at, "number": number}
            )
        told += [
            _("%(name)s has a session at %(at)s (%(number)s).")
            % {"name": person.name, "at": at, "number": number}
            for person in one.mediation.mediators.all()
            if person in mediators
        ]
    return told
