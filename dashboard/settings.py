"""Settings of both forms: embedded (`./netyard up`, SQLite and a private Valkey) and team (PostgreSQL and Valkey by URL).

Everything is read from the environment. `NETYARD_DATA` names the data folder (default `.netyard`); `NETYARD_DATABASE_URL`
and `NETYARD_VALKEY_URL` turn the team form on, which refuses to start without `NETYARD_SECRET_KEY`.
"""

import os
from pathlib import Path

from dashboard import logs
from dashboard.configuration import allowed_hosts, database, old_secret_keys, secret_key, trusted_origins, valkey_url

logs.configure()
BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
DATA_DIR = Path(os.environ.get("NETYARD_DATA", BASE_DIR / ".netyard")).resolve()
TEAM_FORM = bool(os.environ.get("NETYARD_DATABASE_URL"))
DEBUG = False
SECRET_KEY = secret_key(DATA_DIR, team_form=TEAM_FORM)
SECRET_KEY_FALLBACKS = old_secret_keys()
ALLOWED_HOSTS = allowed_hosts()
CSRF_TRUSTED_ORIGINS = trusted_origins()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "dashboard",
    "topology",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dashboard.headers.SecurityHeaders",
]

ROOT_URLCONF = "dashboard.urls"
ASGI_APPLICATION = "dashboard.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "dashboard" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.boot.boot",
            ]
        },
    }
]

DATABASES = {"default": database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

VALKEY_URL = valkey_url(DATA_DIR)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # The layer's blocking read waits 5 s; redis-py 8 by itself would give up after as long.
            "hosts": [{"address": VALKEY_URL, "max_connections": 2000, "socket_timeout": 30}],
            "capacity": 2000,
            "expiry": 30,
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": VALKEY_URL}}

CELERY_BROKER_URL = VALKEY_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "netyard"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: files are served from where they are
STATICFILES_DIRS = [path for path in (BASE_DIR / "static" / "dist", BASE_DIR / "static" / "pages") if path.is_dir()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[0-9A-Za-z_-]{8}\.\w+$"  # Vite's hashed names
DATA_UPLOAD_MAX_MEMORY_SIZE = 16_000_000  # a Compose text of 2 MB and companions of 5 MB, escaped as JSON

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

SECURE_TLS = os.environ.get("NETYARD_TLS", "") == "1"  # behind a proxy that ends TLS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DOCKER_HOST = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
