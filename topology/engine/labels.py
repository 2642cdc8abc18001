"""Labels that say what belongs to which stack: Compose's own, so that Compose sees our containers and we see its."""

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
NUMBER = "com.docker.compose.container-number"
ONEOFF = "com.docker.compose.oneoff"
NETWORK = "com.docker.compose.network"
VOLUME = "com.docker.compose.volume"
CONFIG = "io.netyard.config"  # the hash of the configuration that the container was made from
