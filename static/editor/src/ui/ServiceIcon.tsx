// A small tile that tells what a service is, by its image.
import {
  IconBox,
  IconBrandDebian,
  IconBrandMongodb,
  IconBrandMysql,
  IconBrandNodejs,
  IconBrandPython,
  IconDatabase,
  IconMail,
  IconRoute,
  IconStack2,
  IconTerminal2,
  IconWorld,
} from "@tabler/icons-react";
import classes from "./ServiceIcon.module.css";

const KINDS: [RegExp, typeof IconBox, string][] = [
  [/nginx|httpd|apache|caddy|standin/, IconWorld, "web"],
  [/traefik|haproxy|envoy|kong/, IconRoute, "web"],
  [/mysql|mariadb/, IconBrandMysql, "data"],
  [/mongo/, IconBrandMongodb, "data"],
  [/redis|valkey|memcached|keydb/, IconStack2, "cache"],
  [/postgres|timescale|clickhouse|cockroach|influx|elastic|opensearch/, IconDatabase, "data"],
  [/rabbitmq|kafka|nats|mosquitto|mail/, IconMail, "cache"],
  [/python|django|flask/, IconBrandPython, "code"],
  [/node|bun|deno/, IconBrandNodejs, "code"],
  [/debian|ubuntu/, IconBrandDebian, "plain"],
  [/busybox|alpine|bash/, IconTerminal2, "plain"],
];

export function ServiceIcon({ image, size = 32 }: { image: string; size?: number }) {
  const name = (image.split("@")[0] ?? "").split("/").at(-1) ?? "";
  const [, Icon, family] = KINDS.find(([pattern]) => pattern.test(name)) ?? [null, IconBox, "plain"];
  return (
    <span className={classes.tile} data-family={family} style={{ width: size, height: size }} aria-hidden>
      <Icon size={size * 0.58} stroke={1.7} />
    </span>
  );
}
