"""The field register: each personal field, what for, on what ground, how long, and who reads it."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Who works on a matter: they need to reach the person who told of it. Advisers do not.
WORKING = frozenset({"dispatcher", "handler", "verifier", "supervisor", "grid_worker"})
STAFF = WORKING | {"adviser"}
# Who may answer a resident's wish to have data erased or put right (PIPL 46, 47, 50).
ERASERS = frozenset({"supervisor"})

# Civil Code 188: a claim about how a matter was handled lapses after three years.
CONTACT_DAYS = 3 * 365
# National Archives Administration order 8 (2006): the shorter fixed term of a file.
FILE_DAYS = 10 * 365


@dataclass(frozen=True)
class RegisteredField:
    """One personal field: what for, on what ground, how long, who reads it, where it lies.

    `retention_days` is None where the field lives as long as the account. `readers` are kinds of
    post. `columns` names the model fields ("app.Model.field") that hold it outside the vault.
    """

    code: str
    label: str | Promise
    purpose: str | Promise
    basis: str | Promise
    retention_days: int | None
    readers: frozenset[str]
    sensitive: bool
    storage: Literal["vault", "column", "file"]
    max_length: int = 0
    columns: tuple[str, ...] = ()


_FIELDS = (
    RegisteredField(
        code="reporter.name",
        label=_("Reporter's name"),
        purpose=_("To address the reporter when answering. Left by choice."),
        basis=_("PIPL Art. 13(1) consent; Art. 34 statutory duty"),
        retention_days=CONTACT_DAYS,
        readers=WORKING,
        sensitive=False,
        storage="vault",
        max_length=60,
    ),
    RegisteredField(
        code="reporter.phone",
        label=_("Reporter's phone"),
        purpose=_("To ask back, to answer and to verify the result. Left by choice."),
        basis=_("PIPL Art. 13(1) consent; Art. 34 statutory duty"),
        retention_days=CONTACT_DAYS,
        readers=WORKING,
        sensitive=True,
        storage="vault",
        max_length=30,
    ),
    RegisteredField(
        code="reporter.phone_lookup",
        label=_("Keyed hash of the reporter's phone"),
        purpose=_("To find a resident's own data when the resident asks for it."),
        basis=_("PIPL Art. 45 to 47 and 50, rights of the person"),
        retention_days=CONTACT_DAYS,
        readers=frozenset(),
        sensitive=False,
        storage="column",
        columns=("trust.VaultEntry.lookup",),
    ),
    RegisteredField(
        code="reporter.address",
        label=_("Reporter's address"),
        purpose=_("To visit the reporter when the matter asks for it. Left by choice."),
        basis=_("PIPL Art. 13(1) consent; Art. 34 statutory duty"),
        retention_days=CONTACT_DAYS,
        readers=WORKING,
        sensitive=True,
        storage="vault",
        max_length=200,
    ),
    RegisteredField(
        code="person.name",
        label=_("Name of a member of staff"),
        purpose=_("To sign in and to say inside the office who did what."),
        basis=_("PIPL Art. 13(3) statutory duty; Cybersecurity Law, network logs"),
        retention_days=None,
        readers=STAFF,
        sensitive=False,
        storage="column",
        columns=("org.Person.name", "org.Person.username"),
    ),
    RegisteredField(
        code="person.channel",
        label=_("Address where a member of staff wants messages"),
        purpose=_("To tell that a matter needs something. Left by choice, kept encrypted."),
        basis=_("PIPL Art. 13(1) consent"),
        retention_days=None,
        readers=frozenset(),
        sensitive=False,
        storage="column",
        columns=("notify.Channel.address",),
    ),
    RegisteredField(
        code="report.text",
        label=_("Words and place of a report"),
        purpose=_("To understand, locate and settle the problem."),
        basis=_("PIPL Art. 13(3) and 34 statutory duty"),
        retention_days=FILE_DAYS,
        readers=STAFF,
        sensitive=False,
        storage="column",
        columns=("matters.Report.text", "matters.Matter.address", "matters.Matter.title"),
    ),
    RegisteredField(
        code="passage.text",
        label=_("Free text beside a step"),
        purpose=_("To say what was found, done and answered."),
        basis=_("PIPL Art. 13(3) and 34 statutory duty"),
        retention_days=FILE_DAYS,
        readers=STAFF,
        sensitive=False,
        storage="column",
        columns=("trust.Passage.text",),
    ),
    RegisteredField(
        code="photo",
        label=pgettext_lazy("field register", "Photo"),
        purpose=_("To show the problem and its settlement; position and camera data are removed."),
        basis=_("PIPL Art. 13(3) and 34 statutory duty"),
        retention_days=FILE_DAYS,
        readers=STAFF,
        sensitive=False,
        storage="file",
    ),
    RegisteredField(
        code="party.signature",
        label=_("Signature drawn on the screen"),
        purpose=_("To stand under the agreement it was given for, and nowhere else."),
        basis=_("People's Mediation Law Art. 29; PIPL Art. 13(3)"),
        retention_days=FILE_DAYS,
        readers=frozenset({"handler"}),
        sensitive=True,
        storage="vault",
        max_length=40_000,
    ),
    RegisteredField(
        code="voice",
        label=_("Voice note"),
        purpose=_("To tell what was seen where writing is slow; kept without its metadata."),
        basis=_("PIPL Art. 13(3) and 34 statutory duty"),
        retention_days=FILE_DAYS,
        readers=STAFF,
        sensitive=False,
        storage="file",
    ),
    RegisteredField(
        code="record.sealed",
        label=_("A record as a phone sent it"),
        purpose=_(
            "To apply it once and to show later what was sent. Sealed: the server opens it for "
            "its author and for whoever decides about a record that came back."
        ),
        basis=_("PIPL Art. 13(3) and 34 statutory duty"),
        retention_days=CONTACT_DAYS,
        readers=frozenset({"dispatcher", "supervisor"}),
        sensitive=False,
        storage="column",
        columns=("sync.Submission.sealed",),
    ),
    RegisteredField(
        code="place.address",
        label=_("Address of a place"),
        purpose=_(
            "To find a dwelling, shop or danger point again. Nobody's name stands beside it."
        ),
        basis=_("PIPL Art. 13(3) and 34 statutory duty"),
        retention_days=FILE_DAYS,
        readers=WORKING,
        sensitive=False,
        storage="column",
        columns=("fieldwork.Place.address",),
    ),
    *(
        RegisteredField(
            code=f"party.{code}",
            label=label,
            purpose=purpose,
            basis=_("People's Mediation Law Art. 27, 29; papers of the Ministry of Justice 2010"),
            retention_days=FILE_DAYS,
            readers=frozenset({"handler"}),
            sensitive=sensitive,
            storage="vault",
            max_length=longest,
        )
        for code, label, purpose, sensitive, longest in (
            ("name", _("Party's name"), _("To know who the sides of a dispute are."), False, 60),
            ("phone", _("Party's phone"), _("To invite to a session."), True, 30),
            (
                "address",
                _("Party's address"),
                _("Printed on the papers of a mediation."),
                True,
                200,
            ),
            ("sex", _("Party's sex"), _("Printed on the papers of a mediation."), False, 10),
            (
                "ethnicity",
                _("Party's ethnicity"),
                _("Printed on the agreement alone; never searched or counted."),
                True,
                20,
            ),
            (
                "age",
                _("Party's age"),
                _("Printed on the papers; tells whether a guardian is needed."),
                False,
                10,
            ),
            (
                "occupation",
                _("Party's occupation"),
                _("Printed on the papers of a mediation."),
                False,
                60,
            ),
            (
                "id_number",
                _("Party's identity card number"),
                _("Printed on the agreement alone; masked elsewhere."),
                True,
                30,
            ),
            (
                "language",
                _("Party's language"),
                _("To propose a mediator and to invite in a language the party understands."),
                True,
                20,
            ),
            (
                "representative",
                _("Organisation's representative"),
                _("To know who signs for it."),
                False,
                60,
            ),
        )
    ),
)
REGISTER: dict[str, RegisteredField] = {f.code: f for f in _FIELDS}

# Columns whose name sounds personal and that hold nothing about a person, or are kept by law.
NOT_PERSONAL: dict[str, str] = {
    "auth.Group.name": "name of a set of permissions",
    "auth.Permission.name": "name of a permission",
    "axes.AccessAttempt.username": "sign-in log of staff, which the Cybersecurity Law demands",
    "axes.AccessFailureLog.username": "sign-in log of staff, which the Cybersecurity Law demands",
    "axes.AccessLog.username": "sign-in log of staff, which the Cybersecurity Law demands",
    "fieldwork.Place.name": "name of a place",
    "hotline.ImportRun.name": "name of a workbook",
    "sync.Epoch.name": "random name of a stretch of the server's memory",
    "hotline.Mapping.name": "name under which a column mapping is kept",
    "mediation.Committee.short_name": "short name of a committee",
    "org.Area.name": "name of a place",
    "org.Category.name": "name of a kind of matter",
    "org.Category.name_en": "name of a kind of matter",
    "org.Jurisdiction.name": "name of a layer of places",
    "matters.SavedFilter.name": "name under which a filter is kept",
    "org.Change.list_name": "name of a list of the setup",
    "org.ReplyTemplate.name": "name of a prepared reply",
    "org.Unit.name": "name of an office",
    "org.Unit.phone": "public number of an office",
}


_PERSONAL_WORDS = frozenset(
    {"name", "fullname", "surname", "username", "nickname", "contact"}
    | {"phone", "mobile", "tel", "telephone", "address", "email", "mail", "wechat", "qq"}
    | {"idcard", "passport", "plate", "account", "bank"}
    | {"birth", "birthday", "birthdate", "age", "gender", "sex"}
    | {"ethnicity", "nation", "religion"}
)


def smells_personal(column: str) -> bool:
    """True when a column's name sounds as if it held something about a person."""
    words = set(column.lower().split("_"))
    return bool(words & _PERSONAL_WORDS) or "id_number" in column.lower()
