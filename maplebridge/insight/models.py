from django.db import models
from django.utils.translation import gettext_lazy as _


class Subscription(models.Model):
    """Who wants the digest of a scope sent every morning; they choose it and take it back."""

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=40)  # Scope.key

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["person", "scope"], name="subscription_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.scope}"


class Digest(models.Model):
    """What a day looked like in a scope, kept as it was read: numbers, codes and ids, no texts."""

    scope = models.CharField(max_length=40)  # Scope.key
    day = models.DateField(_("day"))
    made_at = models.DateTimeField(_("made at"))
    content = models.JSONField()  # queries.digest.Content

    class Meta:
        ordering = ["-day", "scope"]
        verbose_name = _("daily digest")
        verbose_name_plural = _("daily digests")
        constraints = [models.UniqueConstraint(fields=["scope", "day"], name="digest_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.day}"
