"""The Celery application: workers run `celery -A dashboard worker -P threads`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
app = Celery("netyard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["topology"])
