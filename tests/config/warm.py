"""Commands of `maplebridge`, each in a process of its own that need not load every library anew.

A line of JSON asks for one: its arguments, its environment, the files for what it says. The answer
is its exit status. The process that listens has loaded nothing of Maplebridge.
"""

import importlib
import json
import os
import runpy
import sys

LIBRARIES = (
    "asyncio", "chinese_calendar", "click", "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.ciphers.aead", "django.contrib.messages",
    "django.contrib.postgres.fields", "django.contrib.staticfiles.finders",
    "django.core.management", "django.core.serializers.json", "django.db.migrations.executor",
    "django.db.models", "django.forms", "django.template", "django.urls", "h3", "numpy", "openpyxl",
    "PIL.Image", "psutil", "psycopg", "pydantic", "rapidfuzz", "segno", "shapely",
)  # fmt: skip

for name in LIBRARIES:
    importlib.import_module(name)
for line in sys.stdin:
    asked = json.loads(line)
    if (child := os.fork()) == 0:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()

os.environ.clear()
os.environ.update(asked["env"])
for number, path in enumerate((os.devnull, asked["out"], asked["err"])):
    os.dup2(os.open(path, os.O_RDWR), number)
sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123  what was asked next is not for this one
sys.argv = ["maplebridge", *asked["args"]]
runpy.run_module("maplebridge", run_name="__main__", alter_sys=True)
