"""Labels that say what belongs to which stack: Compose's own, so that Compose sees our containers and we see its; and ours."""

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
NUMBER = "com.docker.compose.container-number"
ONEOFF = "com.docker.compose.oneoff"
NETWORK = "com.docker.compose.network"
VOLUME = "com.docker.compose.volume"
VERSION = "com.docker.compose.version"
COMPOSE_HASH = "com.docker.compose.config-hash"  # Compose's own; a container without it is none of Compose's
IMAGE = "com.docker.compose.image"  # the id of the image it was made from
WORKING_DIR = "com.docker.compose.project.working_dir"
CONFIG_FILES = "com.docker.compose.project.config_files"
COMPOSE_VERSION = "2.26.1"  # whose labels and hash these are
DEPENDS_ON = "com.docker.compose.depends_on"
CONFIG = "io.netyard.config"  # the hash of the configuration that a container or network was made from
KEYS = "io.netyard.keys"  # a short hash for each key, so that a plan can name those that changed
STACK = "io.netyard.stack"
RESERVED_PREFIXES = ("com.docker.compose.", "io.netyard.")  # not to be written by hand: stacks are told apart by them
