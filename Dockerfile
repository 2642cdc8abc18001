# The team form: one image for web, worker and watcher. The base image is a build argument, so that a private registry, or an
# image with your own certificates, can take its place. Any Python 3.11 or newer on a glibc system will do.
ARG PYTHON_IMAGE=python:3.12-slim

FROM ${PYTHON_IMAGE} AS dependencies
WORKDIR /netyard
ENV UV_COMPILE_BYTECODE=1
COPY netyard pyproject.toml uv.lock ./
COPY launcher/__init__.py launcher/cli.py launcher/environment.py launcher/browser_build.py launcher/places.py launcher/system.py launcher/
RUN ./netyard install

FROM dependencies AS browser
COPY static/editor/package.json static/editor/package-lock.json static/editor/
RUN .venv/bin/python -c "from launcher.browser_build import ensure_packages; ensure_packages()"
COPY static/editor static/editor
RUN ./netyard build

# What installed is not needed to run.
FROM dependencies AS runtime
RUN .venv/bin/python -m pip uninstall --quiet --yes --root-user-action=ignore uv pip

FROM ${PYTHON_IMAGE}
WORKDIR /netyard
RUN useradd --uid 10001 --create-home --home-dir /var/lib/netyard netyard
COPY --from=runtime /netyard/.venv .venv
COPY --from=browser /netyard/static/dist static/dist
COPY manage.py ./
COPY static/pages static/pages
COPY launcher launcher
COPY dashboard dashboard
COPY topology topology
RUN .venv/bin/python -m compileall -q launcher dashboard topology
ENV PATH=/netyard/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=dashboard.settings NETYARD_DATA=/var/lib/netyard
USER netyard
EXPOSE 8480
CMD ["uvicorn", "dashboard.asgi:application", "--host", "0.0.0.0", "--port", "8480", "--lifespan", "off", "--no-access-log", "--ws-max-size", "65536", "--timeout-graceful-shutdown", "5"]
