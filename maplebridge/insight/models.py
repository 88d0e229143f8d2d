from django.db import models
from django.utils.translation import gettext_lazy as _


class Digest(models.Model):
    """What a day looked like in a scope, kept as it was read: numbers, codes and ids, no texts."""

    scope = models.CharField(max_length=40)  # Scope.key
    day = models.DateField(_("day"))
    made_at = models.DateTimeField(_("made at"))
    content = models.JSONField()  # queries.digest.Content

    class Meta:
        ordering = ["-day", "scope"]
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [models.UniqueConstraint(fields=["scope", "day"], name="digest_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.day}"
