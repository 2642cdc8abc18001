"""Addresses of the site. What is no page of its own and not below /api/ or /static/ belongs to the browser program."""

from django.urls import path, re_path

from dashboard import health, pages
from topology.api.routes import api, no_such_address

urlpatterns = [
    path("healthz", health.health, name="health"),
    path("readyz", health.ready, name="ready"),
    path("api/", api.urls),
    re_path(r"^api/(?P<rest>.*)$", no_such_address, name="api_fallback"),
    path("login/", pages.login, name="login"),
    path("logout/", pages.logout, name="logout"),
    path("password/", pages.password, name="password"),
    path("setup/", pages.setup, name="setup"),
    path("join/", pages.join, name="join"),
    path("shared/", pages.shared, name="shared"),
    path("shared/<uuid:share_id>", pages.shared_app, name="shared_app"),
    path("", pages.app, name="app"),
    re_path(r"^(?:stacks|teams|engines)(?:/.*)?$", pages.app, name="app"),
]
handler404 = "dashboard.pages.not_found"
