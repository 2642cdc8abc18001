"""`./netyard test`: everything a bare Debian machine lacks is installed, then every check runs, then the tests, pytest last.

Options go to pytest. What was started (an engine) is ended again; what was there before stays.
"""

import ctypes.util
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from launcher.browser_build import ensure_browser_build, ensure_packages, run_script
from launcher.engine_host import engine_address, engine_answers, ensure_engine
from launcher.environment import ensure_environment
from launcher.places import PYTHON, ROOT, VENV, CannotGoOn, say
from launcher.system import apt_install, may_use_apt

COMMANDS = {"chromium": "chromium", "busybox": "busybox-static", "debootstrap": "debootstrap"}  # command → Debian's package
LIBRARIES = {"atomic": "libatomic1"}  # the browser driver's own Node is linked with it


# Most tests wait for an engine, so more processes than processors. Whoever gives options has one process.
PARALLEL = ("--numprocesses", "3", "--dist", "loadfile")


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...] = ()
    script: str = ""  # one of package.json's, instead of a command


CHECKS = (
    Check("mypy", ("mypy", "dashboard", "topology", "launcher")),
    Check("tsc", script="types"),
    Check("vitest", script="test"),
    Check("biome", script="lint"),
    Check("wire shapes", script="wire:check"),
    Check("import-linter", ("lint-imports",)),
    Check("ruff check", ("ruff", "check", ".")),
    Check("ruff format", ("ruff", "format", "--check", ".")),
)


def run_checks(pytest_arguments: list[str]) -> int:
    """Run everything; 0 when all passed. Ends with pytest's closing line."""
    started = time.monotonic()
    ensure_environment(groups=("dev",), extras=("team",))
    ensure_packages()
    ensure_browser_build()
    _ensure_system()
    engine = ensure_engine(install=True)
    try:
        if engine_answers(engine_address()):
            if _run_here([str(PYTHON), "-m", "tests.lab.images"]) != 0:
                raise CannotGoOn("The images for the tests could not be made (see above).")
        else:
            say(f"No Docker engine answers at {engine_address()}: the tests that need one will say so.")
        say(f"Set-up took {time.monotonic() - started:.0f} s.")
        failed = _static_checks()
        say("pytest …")
        code = _run_here([str(PYTHON), "-m", "pytest", *([] if pytest_arguments else PARALLEL), *pytest_arguments])
    finally:
        if engine is not None:
            engine.send_signal(signal.SIGTERM)
            engine.wait(60)
    if failed:
        print(f"netyard test: failed before pytest: {', '.join(failed)}", file=sys.stderr)
    return code or (1 if failed else 0)


def _static_checks() -> list[str]:
    """Run the checks two at a time; print each as it ends, in the order of CHECKS. Gives the names of those that failed."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for check, (code, output, seconds) in zip(CHECKS, pool.map(_run_check, CHECKS), strict=True):
            say(f"{check.name:<14} {'ok' if code == 0 else 'FAILED'}  {seconds:.0f} s")
            if code != 0:
                say(output[-12_000:])
                failed.append(check.name)
    return failed


def _run_check(check: Check) -> tuple[int, str, float]:
    started = time.monotonic()
    if check.script:
        done = run_script(check.script)
    else:
        command = [str(VENV / "bin" / check.command[0]), *check.command[1:]]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout, time.monotonic() - started


def _ensure_system() -> None:
    missing = sorted(package for command, package in COMMANDS.items() if shutil.which(command) is None)
    missing += sorted(package for library, package in LIBRARIES.items() if ctypes.util.find_library(library) is None)
    if not missing:
        return
    if may_use_apt():
        say(f"Installing {', '.join(missing)} with apt …")
        apt_install(*missing)
    else:
        say(f"Not here, and not ours to install: {', '.join(missing)}. The tests that need them will say so.")


def _run_here(command: list[str]) -> int:
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}).returncode
