# The team form: one image for web, worker and watcher. Base images are build arguments, so that a private mirror, or an
# image with your own certificates, can take their place.
ARG PYTHON_IMAGE=python:3.12-slim

FROM ${PYTHON_IMAGE} AS dependencies
WORKDIR /netyard
COPY netyard pyproject.toml uv.lock ./
COPY launcher launcher
RUN ./netyard install

FROM ${PYTHON_IMAGE} AS browser
WORKDIR /netyard
COPY netyard pyproject.toml uv.lock ./
COPY launcher launcher
COPY static/editor static/editor
RUN ./netyard build

FROM ${PYTHON_IMAGE}
WORKDIR /netyard
RUN useradd --uid 10001 --create-home --home-dir /var/lib/netyard netyard
COPY --from=dependencies /netyard/.venv .venv
COPY --from=browser /netyard/static/dist static/dist
COPY manage.py ./
COPY launcher launcher
COPY dashboard dashboard
COPY topology topology
COPY static/pages static/pages
ENV PATH=/netyard/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=dashboard.settings NETYARD_DATA=/var/lib/netyard
USER netyard
EXPOSE 8480
CMD ["uvicorn", "dashboard.asgi:application", "--host", "0.0.0.0", "--port", "8480", "--lifespan", "off", "--no-access-log", "--ws-max-size", "65536"]
