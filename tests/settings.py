"""Settings of the tests: the real ones, with data in a folder of their own. Valkey is started by `tests/conftest.py`."""

import atexit
import os
import shutil
import tempfile

if "NETYARD_DATA" not in os.environ:
    os.environ["NETYARD_DATA"] = tempfile.mkdtemp(prefix="netyard-test-")
    atexit.register(shutil.rmtree, os.environ["NETYARD_DATA"], ignore_errors=True)

from dashboard.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
