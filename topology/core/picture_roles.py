"""What a service is, judged by its image, for the sign on its card. A guess for the eye; nothing else depends on it."""

from __future__ import annotations

import re

from topology.core.design import Service

# role → words of image names; the first role with a word that is part of the name wins
_WORDS = {
    "queue": ("rabbitmq", "kafka", "nats", "activemq", "pulsar", "mosquitto", "zookeeper", "emqx"),
    "cache": ("redis", "valkey", "memcached", "keydb", "dragonfly", "varnish"),
    "data": (
        "postgres", "postgis", "pgvector", "timescale", "mysql", "mariadb", "mongo", "cassandra", "influxdb", "clickhouse", "mssql",
        "oracle", "neo4j", "couchdb", "elasticsearch", "opensearch", "minio", "etcd", "cockroach", "scylla", "questdb", "qdrant",
        "weaviate", "milvus", "percona", "db",
    ),
    "watch": ("grafana", "prometheus", "loki", "jaeger", "zipkin", "kibana", "alertmanager", "exporter", "telegraf", "cadvisor"),
    "web": ("nginx", "caddy", "traefik", "httpd", "apache", "haproxy", "envoy", "kong", "proxy", "swag"),
    "code": ("python", "node", "golang", "openjdk", "temurin", "php", "ruby", "rust", "dotnet", "tomcat", "deno", "bun"),
}  # fmt: skip


def role_of(service: Service) -> str:
    """ "web", "data", "cache", "queue", "watch", "code" or "service"; what is built from source and says nothing else is code."""
    words = set(re.split(r"[^a-z0-9]+", (service.image or "").rpartition("/")[2].partition("@")[0].partition(":")[0].lower()))
    name = "-".join(sorted(words))
    for role, known in _WORDS.items():
        if any(word in words or (len(word) > 3 and word in name) for word in known):
            return role
    return "code" if service.build is not None else "service"
