"""The law of people's mediation as tables: sources, tiers, limits, types, what a party is asked.

人民调解法 (2010) unless another source is named.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Art. 17, 18: on application, by the committee itself, or advised by a court or the police.
SOURCES = {
    "applied": _("On application"),
    "initiative": _("On the committee's own initiative"),
    "entrusted": _("Entrusted or handed over"),
}
APPLIED_BY = {
    "paper": _("On paper"),
    "phone": _("By telephone"),
    "web": _("On the web"),
    "door": _("At the door"),
}
# The order of the ministry's table (人民调解案件情况统计表): who entrusted.
BODIES = {
    "court": _("Court"),
    "procuratorate": _("Procuratorate"),
    "police": _("Police"),
    "petition": _("Petition office"),
    "other": _("Another body"),
}
# Who hosts a committee, in the order of the ministry's table.
HOSTS = {
    "village": pgettext_lazy("committee", "Village"),
    "residents": pgettext_lazy("committee", "Residents' committee"),
    "town": pgettext_lazy("committee", "Township"),
    "street": pgettext_lazy("committee", "Street"),
    "enterprise": pgettext_lazy("committee", "Enterprise or institution"),
    "society": pgettext_lazy("committee", "Association or other body"),
}


@dataclass(frozen=True)
class Tier:
    """A level of 分级处置: how many days a mediation may stay there before it passes up, the kind
    of its units, and who usually hosts its committees."""

    label: object
    days: int
    kind: str
    host: str


# One month is the whole limit (司法部令第75号 Art. 33); what each level may use of it is local
# practice and can be set for a committee. From the lowest to the highest; a committee's level is
# said by the kind of its unit and nowhere else.
TIERS = {
    "village": Tier(pgettext_lazy("tier", "Village"), 7, "village_mediation", "village"),
    "town": Tier(pgettext_lazy("tier", "Town"), 15, "town_mediation", "town"),
    "special": Tier(
        pgettext_lazy("tier", "Specialised committee"), 30, "special_mediation", "society"
    ),
    "county": Tier(pgettext_lazy("tier", "County"), 30, "county_mediation", "society"),
}
TIER_OF_KIND = {tier.kind: code for code, tier in TIERS.items()}
LIMIT_DAYS = 30
# What is owed is owed within a lifetime; a day beyond is a slip of the pen.
LONGEST_YEARS = 60

# Why a committee does not take a dispute up, each with where to go instead (Art. 17, 25, 26;
# 司法部令第75号 Art. 22).
REFUSALS = {
    "party_refuses": _("A party clearly refuses mediation"),
    "in_court": _("A court or arbitration has it already"),
    "police_case": _("A police or criminal case is open and was not entrusted"),
    "reserved": _("The law gives it to an authority alone"),
    "no_dispute": _("It is not a dispute between people"),
    "no_party": _("The other side cannot be found"),
}
INSTEAD = {
    "party_refuses": _("The court, arbitration or the authority in charge"),
    "in_court": _("The court or arbitration body that has it"),
    "police_case": _("The police station; it may entrust the committee in writing"),
    "reserved": _("The authority in charge"),
    "no_dispute": _("The service centre or 12345"),
    "no_party": _("The court"),
}
# Refusals after which somebody else of the township may be in charge: the matter goes back to the
# dispatcher. After any other one its result says where to go.
OTHERS_IN_CHARGE = frozenset({"police_case", "reserved", "no_dispute"})
REMEDIES = _(
    "Mediation has ended without an agreement. You may go to arbitration, to the authority in "
    "charge, or to the court."
)

DIFFICULTY = {
    "simple": _("Simple"),
    "ordinary": _("Ordinary"),
    "difficult": _("Difficult"),
    "major": _("Major"),
}
# Yuan per dossier (以案定补); the usual range of published rules, to be set by the county.
SUBSIDY = {
    "simple": Decimal(50),
    "ordinary": Decimal(100),
    "difficult": Decimal(200),
    "major": Decimal(200),
}
# Work on a difficult file that failed is paid too where the dossier is whole ("过程价值").
SUBSIDY_FAILED = Decimal(100)

SIDES = {
    "applicant": _("Applicant"),
    "respondent": _("Respondent"),
    "third": _("Third party"),
}
# How far a proxy may go (民事诉讼法 2023 Art. 62): to concede or settle takes special authority.
POWERS = {
    "general": _("General: takes part and states facts; the party itself approves and signs"),
    "special": _("Special: may concede, settle and sign for the party"),
}
MOST_PROXIES = 2  # of one party (民事诉讼法 2023 Art. 61)
PARTY_KINDS = {"natural": _("Person"), "legal": _("Organisation")}
COMPANIONS = {
    "elder": _("Respected elder"),
    "relative": _("Relative"),
    "neighbour": _("Neighbour"),
    "expert": _("Expert"),
    "police": _("Police officer"),
    "other": _("Other"),
}
EVIDENCE = {
    "document": _("Document"),
    "photo": _("Picture or recording"),
    "object": _("Object"),
    "statement": _("Statement"),
    "opinion": _("Expert opinion"),
    "other": _("Other"),
}
ORIGINALS = {"original": _("Original"), "copy": _("Copy")}
ROOMS = {"joint": _("All together"), "private": _("Private talk with one side")}
ANSWERS = {"comes": _("Comes"), "cannot": _("Cannot come"), "unknown": _("Not answered")}
REFUSED_BROKEN = {
    "urge": _("Urge once more"),
    "again": _("Mediate again"),
    "court": _("Told to go to court"),
    "enforce": _("Enforcement: the court has confirmed it"),
}
OUTCOMES = {
    "confirmed": _("Confirmed"),
    "partly": _("Confirmed in part"),
    "refused": _("Not confirmed"),
    "withdrawn": _("Application withdrawn"),
}

# Art. 33: the parties may ask the court together within 30 days of the agreement's taking effect.
CONFIRM_DAYS = 30

# The ministry's eighteen types in their order, and the older list of fifteen still asked for in
# places; a type of the present list falls under exactly one of the older.
TYPES_2021 = {
    "PM01": _("Marriage and family"), "PM02": _("Neighbours"),
    "PM03": _("House and homestead"), "PM04": _("Contract"),
    "PM05": _("Production and trade"), "PM06": _("Damages"),
    "PM07": _("Forest and land"), "PM08": _("Land taking and moving"),
    "PM09": _("Pollution"), "PM10": _("Wages of migrant workers"),
    "PM11": _("Other labour disputes"), "PM12": _("Tourism"),
    "PM13": _("Electronic trade"), "PM14": _("Other consumer disputes"),
    "PM15": _("Medical"), "PM16": _("Road accident"), "PM17": _("Property management"),
    "PM18": _("Other disputes"),
}  # fmt: skip
TYPES_2010 = {
    "O01": TYPES_2021["PM01"], "O02": TYPES_2021["PM02"], "O03": TYPES_2021["PM03"],
    "O04": TYPES_2021["PM04"], "O05": TYPES_2021["PM05"], "O06": TYPES_2021["PM06"],
    "O07": TYPES_2021["PM07"], "O08": TYPES_2021["PM08"], "O09": TYPES_2021["PM09"],
    "O10": _("Labour"), "O11": _("Consumers"), "O12": TYPES_2021["PM15"],
    "O13": TYPES_2021["PM16"], "O14": TYPES_2021["PM17"], "O15": TYPES_2021["PM18"],
}  # fmt: skip
TO_2010 = {
    "PM01": "O01", "PM02": "O02", "PM03": "O03", "PM04": "O04", "PM05": "O05", "PM06": "O06",
    "PM07": "O07", "PM08": "O08", "PM09": "O09", "PM10": "O10", "PM11": "O10", "PM12": "O11",
    "PM13": "O11", "PM14": "O11", "PM15": "O12", "PM16": "O13", "PM17": "O14", "PM18": "O15",
}  # fmt: skip
TYPE_LISTS = {"2021": TYPES_2021, "2010": TYPES_2010}

# What the vault keeps of a party; those marked late are asked only when a paper prints them, and
# are never searched or counted (trust.register.REGISTER has purpose, basis and retention of each).
PARTY_FIELDS = {
    "party.name": _("Name"),
    "party.phone": _("Telephone"),
    "party.address": _("Address or unit"),
    "party.sex": _("Sex"),
    "party.ethnicity": _("Ethnicity"),
    "party.age": _("Age"),
    "party.occupation": _("Occupation or office"),
    "party.id_number": _("Identity card number"),
    "party.representative": _("Legal representative"),
    "party.language": _("Language"),
}
# Asked when a party needs another than the usual one; what is not here is kept as it was told.
LANGUAGES = {
    "mandarin": _("Mandarin"),
    "dialect": _("Local dialect"),
    "she": _("She language"),
    "sign": _("Sign language"),
}
LANGUAGE_WORDS = {
    "普通话": "mandarin", "国语": "mandarin", "本地话": "dialect", "本地方言": "dialect",
    "方言": "dialect", "土话": "dialect", "畲语": "she", "畲话": "she", "手语": "sign",
}  # fmt: skip
LATE_FIELDS = frozenset(
    {"party.sex", "party.ethnicity", "party.age", "party.occupation", "party.id_number"}
)


def language_code(told: str) -> str:
    """The code of a language told in words; the words themselves where the list has none."""
    return LANGUAGE_WORDS.get(told.strip(), told.strip())


def language_name(code: str) -> str:
    """A language in words."""
    return str(LANGUAGES.get(code, code))


def written_number(year: int, short_name: str, serial: int) -> str:
    """The number of a file as the ministry's cover prints it: （2026）枫桥人调字第12号."""
    return f"（{year}）{short_name}人调字第{serial}号"


def last_day_to_confirm(effective_on: date, is_working_day: object) -> date:
    """The last day of Art. 33: day 30 after the day of effect; a rest day moves it to the next
    working day (Civil Code 201: the first day does not count; 203: the end on a rest day).

    `is_working_day` is the calendar's own function of a date.
    """
    last = effective_on + timedelta(days=CONFIRM_DAYS)
    while not is_working_day(last):  # type: ignore[operator]
        last += timedelta(days=1)
    return last


def read_id_number(number: str, on: date) -> tuple[str, int]:
    """Sex and age on a day, as a resident's identity number tells them (GB 11643)."""
    born = int(number[6:14])
    return "男" if int(number[16]) % 2 else "女", (int(f"{on:%Y%m%d}") - born) // 10_000


def minor_needs(age: int | None, *, alone_since_16: bool) -> bool:
    """True when a party acts through a guardian: under 18, unless from 16 on living by own work
    (Civil Code 18, 19, 20)."""
    return age is not None and age < 18 and not (age >= 16 and alone_since_16)


HARD = ("difficult", "major")
# What a leader may make of a claim in each state; one that came back is claimed anew.
CLAIM_MOVES: dict[str, tuple[str, ...]] = {
    "claimed": ("approved", "returned"),
    "approved": ("paid", "returned"),
}


def earns_subsidy(status: str, difficulty: str) -> bool:
    """True for a dispute that was performed, and for the work on a difficult one that failed."""
    return status == "performed" or (status == "failed" and difficulty in HARD)


def subsidy_for(difficulty: str, *, settled: bool) -> Decimal:
    """Yuan for one dossier by its class; a difficult one that failed is paid for the work."""
    return SUBSIDY[difficulty] if settled else SUBSIDY_FAILED


REVIEW_ITEMS = {
    "complete": _("All required papers are there"),
    "signed": _("Signatures and dates are complete"),
    "facts": _("Facts and what is disputed are clear"),
    "terms": _("The terms are lawful, definite and can be performed"),
    "steps": _("Rights were told, consent was asked, limits were kept"),
    "kept": _("Performance and return visit are recorded"),
}
REVIEW_ANSWERS = {
    "ok": pgettext_lazy("review", "In order"),
    "fault": pgettext_lazy("review", "Not in order"),
    "na": _("Does not apply"),
}
