"""Settings of the test suite: fast hashing, plain static files, keys that protect nothing."""

import os

os.environ.setdefault("MAPLEBRIDGE_SECRET_KEY", "tests-only")
os.environ.setdefault("MAPLEBRIDGE_VAULT_KEY", "00" * 32)

from maplebridge.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
