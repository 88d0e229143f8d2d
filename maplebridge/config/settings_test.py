"""Settings of the test suite: fast hashing, plain static files, keys that protect nothing.

Unless DATABASE_URL names another server, the tests start an embedded PostgreSQL of their own in
`.data/test`, shared by all runs and workers. It forgets a power cut, which no test needs.
"""

import atexit
import os
from pathlib import Path

from maplebridge.config import postgres

os.environ.setdefault("MAPLEBRIDGE_SECRET_KEY", "tests-only")
os.environ.setdefault("MAPLEBRIDGE_VAULT_KEY", "00" * 32)
os.environ.setdefault("MAPLEBRIDGE_THROTTLE", "off")
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}
_TEST_DATA = Path(__file__).resolve().parent.parent.parent / ".data" / "test"
if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = postgres.start(_TEST_DATA, settings=FORGETFUL)
    atexit.register(postgres.stop, _TEST_DATA)

from maplebridge.config.settings import *  # noqa: E402, F403
from maplebridge.config.settings import DATABASES  # noqa: E402

# Workers inherit the name from the run that started them, so two runs never meet.
os.environ.setdefault("MAPLEBRIDGE_TEST_RUN", str(os.getpid()))
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # tests end each other's connections
DATABASES["default"]["TEST"] = {"NAME": f"test_{os.environ['MAPLEBRIDGE_TEST_RUN']}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True  # what is written now, not what was collected last
WHITENOISE_AUTOREFRESH = True  # looked for when asked: each test client would list all of them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
