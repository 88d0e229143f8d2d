"""What the steps ask for."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """How a step's field is asked: kind is text, line, choice, unit, units, category, area, date,
    matter, number, photos, voices or status."""

    label: object
    kind: str
    choices: tuple[tuple[str, object], ...] = ()
    help: object = ""


DECLINE_REASONS = (
    ("not_public", _("Not a matter of public administration")),
    ("in_court", _("Before a court or in arbitration")),
    ("answered", _("Answered before, nothing new")),
    ("unclear", _("Too little to act on, and the reporter cannot be reached")),
    ("false", _("Shown to be untrue")),
)
RETURN_REASONS = (
    ("not_ours", _("Not our duty")),
    ("incomplete", _("Information is missing")),
    ("duplicate", _("Already being handled")),
    ("no_place", _("The place cannot be found")),
)
RECEIVERS = (
    ("110", _("110 police emergency")),
    ("119", _("119 fire and rescue")),
    ("120", _("120 medical emergency")),
    ("12345", _("12345 government hotline")),
    ("court", _("Court")),
    ("petition", _("Petition office")),
    ("other", _("Another body")),
)
CONTACT_RESULTS = (
    ("reached", _("Reached the reporter")),
    ("on_site", _("Went to the place")),
    ("not_reached", _("Tried, not reached")),
    ("no_contact", _("No contact was left")),
)
REACHED = (
    ("yes", _("Reached")),
    ("no_answer", _("Called, no answer")),
    ("no_contact", _("No contact was left")),
    ("refused", _("Does not want to answer")),
)
# Dangers in which every minute counts, and the numbers to call before anything is done here.
URGENCIES = (
    ("life", _("Danger to life")),
    ("violence", _("Violence threatened")),
    ("fire", _("Fire")),
    ("flood", _("Flood or flash flood")),
    ("gas", _("Gas or another dangerous substance")),
    ("geology", _("Landslide, collapse")),
)
CALL_FIRST = (("110", _("Police")), ("119", _("Fire and rescue")), ("120", _("Ambulance")))
SOLVED = (("yes", _("Solved")), ("partly", _("Mostly solved")), ("no", _("Not solved")))
SATISFIED = (("yes", _("Satisfied")), ("partly", _("Fairly satisfied")), ("no", _("Not satisfied")))
LIGHTS = (("0", _("No light")), ("1", _("Yellow")), ("2", _("Orange")), ("3", _("Red")))

FIELDS = {
    "reason": Field(_("Reason"), "text"),
    "reason_code": Field(_("Kind of reason"), "choice", RETURN_REASONS),
    "decline_code": Field(_("Kind of reason"), "choice", DECLINE_REASONS),
    "instead": Field(_("Where to go instead"), "line"),
    "target_matter": Field(_("Merge into matter number"), "matter"),
    "receiver": Field(_("To whom"), "choice", RECEIVERS),
    "receipt_number": Field(_("Their receipt number"), "line"),
    "result": Field(_("What was done"), "text"),
    "lead": Field(_("Lead unit"), "unit"),
    "helpers": Field(_("Helping units"), "units"),
    "category": Field(_("Category"), "category"),
    "area": Field(_("Village or grid"), "area"),
    "address": Field(_("Address"), "line"),
    "lon": Field(_("Longitude"), "number"),
    "lat": Field(_("Latitude"), "number"),
    "handle_limit": Field(_("Other limit to handle"), "line", help=_("For example 3wd or 24h.")),
    "basis": Field(_("Legal basis"), "line"),
    "from_unit": Field(_("From unit"), "unit"),
    "belongs_to": Field(_("Whom it belongs to"), "unit"),
    "contact_result": Field(_("First contact"), "choice", CONTACT_RESULTS),
    "note": Field(_("Note"), "text"),
    "until": Field(_("Until"), "date"),
    "review_on": Field(_("Review on"), "date"),
    "public_answer": Field(_("Answer to the reporter"), "text", help=_("The reporter reads this.")),
    "photos": Field(_("Photos"), "photos"),
    "before": Field(_("Photos from before the work"), "photos"),
    "voices": Field(_("Voice notes"), "voices"),
    "urgency": Field(_("Which danger?"), "choice", URGENCIES),
    "reached": Field(_("Was the reporter reached?"), "choice", REACHED),
    "solved": Field(_("Is it solved?"), "choice", SOLVED),
    "satisfied": Field(_("Are you satisfied?"), "choice", SATISFIED),
    "contacted": Field(_("Were you contacted?"), "choice", (("yes", _("Yes")), ("no", _("No")))),
    "target_status": Field(_("Right status"), "status"),
    "mediation": Field(_("Mediation"), "line"),
    "act": Field(_("Step"), "line"),
    "seal": Field(_("Digest"), "line"),
    "level": Field(_("Light"), "choice", LIGHTS),
}
