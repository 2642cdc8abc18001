"""Three stacks to start from; each teaches one way to connect services, and is a Compose file to learn from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """`id` is stable and kebab-case; `teaches` is two or three sentences for the card it is chosen from."""

    id: str
    title: str
    teaches: str
    text: str


_LINKS = """\
# Two services on docker0, the engine's default bridge, joined by a link.
#
# On docker0 containers reach each other by IP address only: no names are known there.
# A link gives a name back, in one direction: the client gets it, the server knows nothing of it.

services:

  # The server. It needs no `ports`: the client reaches it inside, not through the host.
  redis:
    image: redis:7-alpine
    network_mode: bridge          # docker0, instead of a network of this stack's own
    restart: unless-stopped

  # The client. "redis:db" means: reach the service `redis` under the name `db`.
  # The engine writes that name into this container's /etc/hosts, and sets variables such as DB_PORT.
  # Try it:  docker compose exec web python -c "import socket; print(socket.gethostbyname('db'))"
  web:
    image: python:3.11-slim
    network_mode: bridge          # both ends of a link must be on docker0
    links:
      - redis:db
    command: python -m http.server 8000
    ports:
      - "8080:8000"               # host port 8080 → port 8000 in the container
    restart: unless-stopped
"""

_NETWORKS = """\
# Networks of one's own: services find each other by name, and see only whom they share a network with.
#
# `browser` and `store` share no network, so neither can reach the other. `proxy` is on both.

services:

  # On the outer network only.
  browser:
    image: busybox:stable
    command: sleep infinity
    networks:
      - outside

  # On both networks: it has one address on each, and is the only way from one to the other.
  proxy:
    image: nginx:alpine
    networks:
      outside:
        aliases:
          - www                   # on `outside` it answers to `www` as well as to `proxy`
      inside: {}
    ports:
      - "8081:80"

  # On the inner network only, at an address that never changes.
  # Try it:  docker compose exec proxy ping -c 1 cache
  store:
    image: redis:7-alpine
    networks:
      inside:
        aliases:
          - cache
        ipv4_address: 172.28.5.10

networks:
  outside: {}                     # the engine chooses the subnet

  inside:
    internal: true                # no way out to the internet, and none in from the host
    ipam:
      config:
        - subnet: 172.28.5.0/24   # a fixed address needs a subnet that is written down
"""

_DATABASE = """\
# Front, back and database: the usual shape of a web application.
#
# Each part starts when the one before it is ready, and the database is out of the front's reach.

services:

  # What people see. It talks to `back`, never to the database.
  front:
    image: nginx:alpine
    ports:
      - "8082:80"
    networks:
      - public
    depends_on:
      back:
        condition: service_started
    restart: unless-stopped

  # The application. It waits until the database says that it is ready, not only until it runs.
  back:
    image: python:3.11-slim
    command: python -m http.server 8000
    environment:
      # The host name in this address is the service's name below.
      DATABASE_URL: postgres://app:${DB_PASSWORD:-change-me}@database:5432/app
    networks:
      - public
      - private
    depends_on:
      database:
        condition: service_healthy
    restart: unless-stopped

  # The database keeps its files in a named volume, so they outlive the container.
  database:
    image: postgres:16-alpine
    environment:
      POSTGRES_USER: app
      POSTGRES_DB: app
      POSTGRES_PASSWORD: ${DB_PASSWORD:-change-me}
    volumes:
      - database-files:/var/lib/postgresql/data
    networks:
      - private
    healthcheck:
      # `$$` is one dollar sign for the container's own shell.
      test: pg_isready -U $$POSTGRES_USER -d $$POSTGRES_DB
      interval: 5s
      timeout: 3s
      retries: 10
      start_period: 20s
    restart: unless-stopped

networks:
  public: {}
  private:
    internal: true                # nothing in here reaches the internet

volumes:
  database-files: {}
"""

EXAMPLES: tuple[Example, ...] = (
    Example(
        "docker0-and-links",
        "docker0 and links",
        "A web client and a Redis on docker0, the engine's default bridge, where containers know no names. "
        "A link gives the client a name for the server, here `db`; it works in that direction only.",
        _LINKS,
    ),
    Example(
        "networks",
        "Networks",
        "Two networks and a service on both. Services that share a network find each other by name or alias; "
        "those that share none cannot reach each other. One network is internal and has a fixed address on it.",
        _NETWORKS,
    ),
    Example(
        "front-back-database",
        "Front and back with a database",
        "The usual web application in three parts. The database has a volume and a health check, the back waits until it is "
        "healthy, and the front cannot reach the database at all.",
        _DATABASE,
    ),
)
