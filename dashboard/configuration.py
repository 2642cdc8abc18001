"""What the environment says, turned into settings values. Errors here are sentences that name the variable and the fix."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from launcher.places import valkey_socket

MOST_CONNECTIONS = 20  # of one process; three processes stay below PostgreSQL's default of 100 together
POOL_WAIT_S = 10.0


class CannotStart(SystemExit):
    """What the environment says does not do. It ends the process (web, worker, watcher, command) with its sentence, code 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"netyard: {sentence}")


def secret_key(data_dir: Path, *, team_form: bool) -> str:
    """The key from `NETYARD_SECRET_KEY`; the embedded form makes its own once and keeps it in the data folder, mode 0600."""
    if key := os.environ.get("NETYARD_SECRET_KEY"):
        if len(key) < 32:
            raise CannotStart("NETYARD_SECRET_KEY is shorter than 32 characters. Set a longer random one.")
        return key
    if team_form:
        raise CannotStart("NETYARD_SECRET_KEY is not set. Set it to a random text of 32 characters or more.")
    path = data_dir / "secret-key"
    try:
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text()
    except OSError as reason:
        sentence = f"The data folder {data_dir} cannot be used ({reason.strerror}); set NETYARD_DATA to another."
        raise CannotStart(sentence) from reason


def old_secret_keys() -> list[str]:
    """Keys of before, from `NETYARD_OLD_SECRET_KEYS` (separated by spaces): what they sealed or signed can still be read."""
    return os.environ.get("NETYARD_OLD_SECRET_KEYS", "").split()


def database(data_dir: Path) -> dict[str, Any]:
    """PostgreSQL where `NETYARD_DATABASE_URL` (postgres://user:password@host:port/name) is set, else SQLite in WAL mode."""
    url = os.environ.get("NETYARD_DATABASE_URL")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "netyard.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    return _postgresql(url)


def _postgresql(url: str) -> dict[str, Any]:
    """Every request has a thread of its own under ASGI, so connections are kept in a pool, not in threads."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if parts.scheme not in ("postgres", "postgresql") or not parts.hostname or not name:
        raise CannotStart("NETYARD_DATABASE_URL is not a PostgreSQL URL. Write postgres://USER:PASSWORD@HOST:5432/NAME.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": parts.port or 5432,
        "CONN_MAX_AGE": 0,  # back to the pool
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "application_name": "netyard",
            **dict(parse_qsl(parts.query)),  # ?sslmode=verify-full&sslrootcert=/…
            "pool": {"min_size": 1, "max_size": MOST_CONNECTIONS, "timeout": POOL_WAIT_S},
        },
    }


def valkey_url(data_dir: Path) -> str:
    """`NETYARD_VALKEY_URL`, else the private Valkey's socket in the data folder."""
    url = os.environ.get("NETYARD_VALKEY_URL") or f"unix://{valkey_socket(data_dir)}"
    if urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise CannotStart("NETYARD_VALKEY_URL is not a Valkey URL. Write redis://:PASSWORD@HOST:6379/0.")
    return url


def allowed_hosts() -> list[str]:
    """`NETYARD_HOSTS`, comma-separated; without it this machine's own names. The runner adds what `--host` names."""
    named = [host.strip() for host in os.environ.get("NETYARD_HOSTS", "").split(",") if host.strip()]
    return [*named, "localhost", "127.0.0.1", "[::1]"]


def trusted_origins() -> list[str]:
    """`NETYARD_ORIGINS`, comma-separated (https://netyard.example.org): needed behind a proxy that ends TLS."""
    return [origin.strip() for origin in os.environ.get("NETYARD_ORIGINS", "").split(",") if origin.strip()]
