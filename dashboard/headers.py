"""Headers that every answer carries: a content policy with one inline script, and no caching of what is personal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dashboard.boot import SOURCE

POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' {SOURCE}",
        "style-src 'self' 'unsafe-inline'",  # element styles: positions on the canvas
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class SecurityHeaders:
    """Middleware: adds the content policy, and `no-store` to answers of the HTTP interface."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
