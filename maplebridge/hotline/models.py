from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Mapping(models.Model):
    """Which column of an office's workbook is which field, kept under the office's name."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    columns = models.JSONField(_("columns"))  # {"text": "诉求内容", "time": "来电时间", …}

    class Meta:
        ordering = ["name"]
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One reading of a workbook: what came in, what was there before, what failed."""

    file_sha256 = models.CharField(max_length=64)
    name = models.CharField(_("file"), max_length=200)
    sheet = models.CharField(_("sheet"), max_length=60)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("reports made"), default=0)
    doubled = models.PositiveIntegerField(_("there before"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import of a workbook")
        verbose_name_plural = _("imports of workbooks")

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M}"
