from django.db import models
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """A photo or voice note, named by the SHA-256 of the bytes that were sent; kept re-encoded.

    A photo has width and height in pixels, a voice note its length in seconds.
    """

    sha256 = models.CharField(_("hash as sent"), max_length=64, primary_key=True)
    stored_sha256 = models.CharField(_("hash as kept"), max_length=64, db_index=True)
    kind = models.CharField(_("media type as kept"), max_length=20)
    size = models.PositiveIntegerField(_("bytes as kept"))
    width = models.PositiveIntegerField(_("width"), default=0)
    height = models.PositiveIntegerField(_("height"), default=0)
    seconds = models.PositiveSmallIntegerField(_("seconds"), default=0)
    created_at = models.DateTimeField(_("time"))
    uploaded_by_kind = models.CharField(_("sent by"), max_length=12)
    erased_at = models.DateTimeField(_("erased at"), null=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.sha256[:12]


class Promise(models.Model):
    """A file that a record names and whose bytes come later; gone once they are there."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=5, choices=[("photo", _("Photo")), ("voice", _("Voice"))])
    promised_at = models.DateTimeField()
    failed = models.BooleanField(default=False)  # it came and could not be read

    class Meta:
        verbose_name = _("promised file")
        verbose_name_plural = _("promised files")

    def __str__(self) -> str:
        return self.sha256[:12]
