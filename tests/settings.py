"""Settings of the tests: the real ones, with data in a folder of their own. Valkey is started by `tests/conftest.py`."""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

# each process of a parallel run has a folder, a database and a Valkey of its own
OWN_FOLDER = "NETYARD_DATA" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ
if OWN_FOLDER:
    os.environ["NETYARD_DATA"] = tempfile.mkdtemp(prefix="netyard-test-")
    atexit.register(shutil.rmtree, os.environ["NETYARD_DATA"], ignore_errors=True)

from dashboard.settings import *  # noqa: E402, F403

# A file, as in the product: threads share it under WAL, and a worker process started with the same folder sees it.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / ("netyard.sqlite3" if OWN_FOLDER else "test.sqlite3")}  # noqa: F405
else:  # processes that tests start use the tests' database too
    DATABASES["default"]["TEST"] = {"NAME": "test_" + DATABASES["default"]["NAME"]}  # noqa: F405
    _url = urlsplit(os.environ["NETYARD_DATABASE_URL"])
    os.environ["NETYARD_DATABASE_URL"] = _url._replace(path="/" + DATABASES["default"]["TEST"]["NAME"]).geturl()  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
