"""The site's own pages: log in and out, set up, join, open a shared link; and the page that carries the browser program."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard import attempts
from dashboard.bundle import bundle
from topology import announce
from topology.actions.accept_invitation import accept_invitation, find_invitation, join_with_new_account
from topology.actions.authorize import Actor, find_shared
from topology.actions.declined import Declined
from topology.actions.set_up import set_up
from topology.api.http import actor_of, failure

TOO_MANY = "Too many failed attempts. Wait five minutes, then try again."
WRONG = "This user name and password do not belong together."
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
ROLES = {
    "viewer": "look at stacks",
    "editor": "draw stacks",
    "deployer": "draw stacks and apply them",
    "owner": "draw and apply stacks, and manage people",
}


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Log in, then go where one wanted to. Failures are counted for each name and address."""
    target = _next(request)
    if request.method == "GET":
        return redirect(target) if request.user.is_authenticated else render(request, "login.html", {"next": target})
    error = _log_in(request)
    if error:
        context = {"next": target, "error": error, "username": request.POST.get("username", "")}
        return render(request, "login.html", context, status=429 if error == TOO_MANY else 400)
    return redirect(target)


def _log_in(request: HttpRequest) -> str:
    """Log in with the posted name and password; gives what went wrong, "" when nothing did."""
    username, password = request.POST.get("username", ""), request.POST.get("password", "")
    address = request.META.get("REMOTE_ADDR", "")
    if attempts.is_blocked(username, address):
        return TOO_MANY
    user = authenticate(request, username=username.strip(), password=password)
    if user is None:
        attempts.note_failure(username, address)
        return WRONG
    attempts.forget(username, address)
    start_session(request, user)
    return ""


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End this session; its sockets in other tabs close at once."""
    person = request.user.pk
    end_session(request)
    if person is not None:
        announce.rights_changed(person)
    return redirect("/login/")


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password. Other sessions of the same person end with it."""
    assert request.user.is_authenticated
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        announce.rights_changed(form.user.pk)
        return render(request, "password.html", {"done": True})
    return render(request, "password.html", {"form": form}, status=400 if request.method == "POST" else 200)


@sensitive_post_parameters("password", "token")
@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first administrator. The token stands in the fragment, which a script moves into the form."""
    if request.method == "GET":
        return render(request, "setup.html", {})
    given = {name: request.POST.get(name, "") for name in ("token", "username", "password", "team_name")}
    try:
        user, _ = set_up(**given)
    except Declined as declined:
        context = {"declined": declined, **given, "password": "", "over": declined.code == "setup-over"}
        return render(request, "setup.html", context, status=declined.status)
    start_session(request, user, backend=BACKEND)
    return redirect("/")


@sensitive_post_parameters("password", "token")
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Accept an invitation: first the token is posted and the team shown, then one joins with a new or an existing account."""
    if request.method == "GET":
        return render(request, "join.html", {})
    token, way = request.POST.get("token", ""), request.POST.get("way", "")
    try:
        invitation = find_invitation(token)
    except Declined as declined:
        return render(request, "join.html", {"declined": declined, "over": True}, status=declined.status)
    context = {"invitation": invitation, "may": ROLES.get(invitation.role, ""), "token": token, "way": way}
    if not way:
        return render(request, "join.html", context)
    context["username"] = request.POST.get("username", "")
    try:
        error = _join(request, token=token, way=way)
    except Declined as declined:
        return render(request, "join.html", context | {"declined": declined}, status=declined.status)
    if error:
        return render(request, "join.html", context | {"error": error}, status=429 if error == TOO_MANY else 400)
    return redirect("/")


def _join(request: HttpRequest, *, token: str, way: str) -> str:
    """Join with a "new" account, another one ("login"), or the "current" one; gives what went wrong, "" when nothing did."""
    if way == "new":
        user = join_with_new_account(
            token=token, username=request.POST.get("username", ""), password=request.POST.get("password", "")
        )
        start_session(request, user, backend=BACKEND)
        return ""
    if way == "login" and (error := _log_in(request)):
        return error
    if not request.user.is_authenticated:
        return "You are not logged in any more."
    accept_invitation(Actor.of(request.user), token=token)
    return ""


@never_cache
@ensure_csrf_cookie
@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """Open a share link: a script posts the token from the fragment, then goes on to the stack."""
    return render(request, "shared.html")


@never_cache
@ensure_csrf_cookie
@require_safe
def shared_app(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """The browser program, for a visitor who has opened this link; for anybody else it is not there."""
    try:
        find_shared(actor_of(request), share_id)
    except Declined:
        return render(request, "shared.html", {"closed": True}, status=404)
    return _program(request)


@never_cache
@ensure_csrf_cookie
@login_required
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The browser program, for people who are logged in; it finds its own way from the address."""
    return _program(request)


def _program(request: HttpRequest) -> HttpResponse:
    built = bundle()
    return render(request, "app.html", {"bundle": built}, status=200 if built else 503)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page; below /api/ as JSON."""
    if request.path.startswith("/api/"):
        return failure(request, 404, code="not-found", message="There is no such address.")
    return render(request, "not_found.html", status=404)
