from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from maplebridge.org.models.areas import Area
from maplebridge.org.models.validity import Dated


class Unit(Dated):
    """An office that may lead or help on a matter."""

    class Kind(models.TextChoices):
        COMMAND_ROOM = "command_room", _("Command room")
        SERVICE_CENTRE = "service_centre", _("Service centre")
        POLICE = "police", _("Police station")
        GOVERNMENT = "government", _("Town government")
        ENFORCEMENT = "enforcement", _("Comprehensive enforcement")
        EMERGENCY = "emergency", _("Emergency management and fire")
        FORESTRY = "forestry", _("Forestry and water")
        CONSTRUCTION = "construction", _("Village and town construction")
        MARKET = "market", _("Market supervision")
        LABOUR = "labour", _("Labour inspection")
        WELFARE = "welfare", _("Civil affairs")
        SANITATION = "sanitation", _("Sanitation")
        UTILITY = "utility", _("Utility or owner of facilities")
        COUNTY_MEDIATION = "county_mediation", _("County mediation committee")
        SPECIAL_MEDIATION = "special_mediation", _("Specialised mediation committee")
        TOWN_MEDIATION = "town_mediation", _("Town mediation committee")
        VILLAGE_MEDIATION = "village_mediation", _("Village mediation committee")
        VILLAGE = "village", _("Village committee")
        GRID = "grid", _("Grid team")

    # Each level has a kind of its own, so that no level gets the duties of another.
    MEDIATING = (
        Kind.VILLAGE_MEDIATION, Kind.TOWN_MEDIATION, Kind.SPECIAL_MEDIATION, Kind.COUNTY_MEDIATION,
    )  # fmt: skip

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    area = models.ForeignKey(Area, verbose_name=_("area"), on_delete=models.PROTECT)
    parent = models.ForeignKey(
        "self", verbose_name=_("above it"), null=True, blank=True, on_delete=models.PROTECT
    )
    phone = models.CharField(_("office phone"), max_length=20, blank=True)

    class Meta(Dated.Meta):
        ordering = ["code"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager):  # type: ignore[type-arg]
    """Accounts by username and name, as `createsuperuser` and the tests make them."""

    def create_user(self, username: str, password: str | None = None, **facts: Any) -> "Person":
        """A new account; without a password nobody can sign in to it."""
        person: Person = self.model(username=username, **facts)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(
        self, username: str, password: str | None = None, **facts: Any
    ) -> "Person":
        """An account with every right in the admin; it holds no post by that."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **facts)


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone with an account. Residents have no row here, nor anywhere as persons."""

    username = models.CharField(
        _("username"), max_length=40, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("name"), max_length=40)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    first_password = models.BooleanField(
        _("must choose a password"), default=False,
        help_text=_("Somebody else knows the present one, so no page opens until it is replaced."),
    )  # fmt: skip

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Post(Dated):
    """Which person acts in which unit, where, from when to when (定格、定员、定责、定岗)."""

    class Kind(models.TextChoices):
        DISPATCHER = "dispatcher", _("Dispatcher")
        HANDLER = "handler", _("Handler")
        VERIFIER = "verifier", _("Verifier")
        SUPERVISOR = "supervisor", _("Supervisor")
        GRID_WORKER = "grid_worker", _("Grid worker")
        ADVISER = "adviser", _("Adviser")
        ADMINISTRATOR = "administrator", _("Administrator")

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="posts"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    title = models.CharField(_("title of the post"), max_length=40)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="posts"
    )
    areas = models.ManyToManyField(
        Area,
        verbose_name=_("areas"),
        blank=True,
        help_text=_("Empty: the area of the unit."),
    )
    told_from = models.PositiveSmallIntegerField(
        _("told from light"),
        choices=[(1, _("Yellow")), (2, _("Orange")), (3, _("Red"))],
        default=2,
        help_text=_("Of a supervisor: how late a matter must be until this post is told."),
    )

    class Meta(Dated.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    def __str__(self) -> str:
        return f"{self.title} {self.person}"


class Token(models.Model):
    """A bearer token of the API; only its SHA-256 is kept."""

    digest = models.BinaryField(max_length=32, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return f"{self.person} {self.created_at:%Y-%m-%d}"
