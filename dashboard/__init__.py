"""The site: settings, addresses, the Celery application and the embedded runner."""

from dashboard.celery import app as celery_app

__all__ = ["celery_app"]
