from django.db import models
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """A photo, named by the SHA-256 of the bytes that were sent; kept re-encoded on disk."""

    sha256 = models.CharField(_("hash as sent"), max_length=64, primary_key=True)
    stored_sha256 = models.CharField(_("hash as kept"), max_length=64, db_index=True)
    kind = models.CharField(_("media type as kept"), max_length=20)
    size = models.PositiveIntegerField(_("bytes as kept"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    created_at = models.DateTimeField(_("time"))
    uploaded_by_kind = models.CharField(_("sent by"), max_length=12)
    erased_at = models.DateTimeField(_("erased at"), null=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.sha256[:12]
