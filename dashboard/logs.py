"""How all processes log: one line an event, tracebacks without the values of variables, which may be secrets."""

import structlog


def configure() -> None:
    """Set structlog up; called by the settings, so that web, worker, watcher and commands agree."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )
