"""`manage.py watch`: the watcher, one process for all engines, until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

from django.core.management.base import BaseCommand

from topology.actions.keep_watch import Watcher


class Command(BaseCommand):
    help = "Watches the engines: folds their events into the stacks' status, samples, relays logs, ends lost runs."

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_watch())
        # Threads that read from an engine may be waiting for an answer: nothing they could still say is of use.
        os._exit(0)


async def _watch() -> None:
    watcher = Watcher()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, watcher.stop)
    await watcher.run()
