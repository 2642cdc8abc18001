"""The commands of `./netyard`: `up`, `stop`, `status` and `test` are done here; the others go to manage.py in `.venv`."""

import argparse
import os
import sys
from pathlib import Path

from launcher.browser_build import ensure_browser_build
from launcher.environment import ensure_environment
from launcher.places import PYTHON, ROOT, CannotGoOn

USAGE = """Netyard draws, applies and watches Docker stacks.

  ./netyard up       run it: web, worker, watcher and a private Valkey   (up --help for options)
  ./netyard stop     end a running `up`
  ./netyard status   say whether it runs, and what
  ./netyard stack …  list, import, export, show, plan, apply, down, delete stacks from scripts
  ./netyard compose … check, resolve, edit, draw and convert Compose files; needs no server and no engine
  ./netyard test     check and test everything
  ./netyard build    only build the browser program;  ./netyard install  only install the team form's dependencies

Any other word goes to Django's manage.py (`./netyard migrate`, `./netyard createsuperuser`, …).
"""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    try:
        if command in ("help", "-h", "--help"):
            print(USAGE)
            return 0
        if command in ("up", "stop", "status"):
            return _lifecycle(command, rest)
        if command == "test":
            from launcher.check_run import run_checks

            return run_checks(rest)
        if command == "build":
            ensure_browser_build()
            return 0
        if command == "install":
            ensure_environment(extras=("team",))
            return 0
        if command == "compose":
            return _offline(command, rest)
        return _manage(command, rest)
    except CannotGoOn as reason:
        print(f"netyard: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _lifecycle(command: str, rest: list[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"netyard {command}")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("NETYARD_DATA", ROOT / ".netyard")),
                        help="data folder: database, keys, logs (default .netyard)")  # fmt: skip
    if command == "up":
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8480, help="port to listen on (default 8480)")
        parser.add_argument("--detach", action="store_true", help="return once it answers; end it with `./netyard stop`")
        parser.add_argument("--no-engine-install", action="store_true", help="never install or start a Docker engine")
    options = parser.parse_args(rest)
    from launcher import lifecycle

    data = options.data.expanduser().resolve()
    if command == "stop":
        return lifecycle.stop(data)
    if command == "status":
        return lifecycle.status(data)
    settings = lifecycle.UpSettings(data=data, host=options.host, port=options.port, install_engine=not options.no_engine_install)
    return lifecycle.up_detached(settings) if options.detach else lifecycle.up(settings)


def _offline(command: str, rest: list[str]) -> int:
    ensure_environment()
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    os.execv(PYTHON, [str(PYTHON), "-m", "topology.offline", command, *rest])
    return 0


def _manage(command: str, rest: list[str]) -> int:
    ensure_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), command, *rest])
    return 0
