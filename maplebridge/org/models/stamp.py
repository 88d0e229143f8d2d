from django.db import models


class DirectoryStamp(models.Model):
    """One row whose number grows when anything the directory holds has changed (by a trigger)."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
