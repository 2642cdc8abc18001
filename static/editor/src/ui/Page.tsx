// The frame of every page but the editor: header with the product, places to go, and the person.
import { ActionIcon, Anchor, Avatar, Container, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconEngine, IconKey, IconLogout, IconStack2, IconUsers } from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "wouter";
import { initials, loadAccount, logOut, useAccount } from "../model/account";
import { Logo } from "./Logo";
import classes from "./Page.module.css";
import { ThemeToggle } from "./ThemeToggle";

export function Page({ title, children }: { title: string; children: ReactNode }) {
  const me = useAccount((state) => state.me);
  const [location] = useLocation();
  useEffect(() => {
    document.title = `${title} · Netyard`;
  }, [title]);
  useEffect(() => {
    void loadAccount();
  }, []);
  const firstTeam = me?.teams[0];
  const places = [
    { to: "/", label: "Stacks", icon: <IconStack2 size={16} /> },
    ...(firstTeam ? [{ to: `/teams/${firstTeam.id}`, label: "Team", icon: <IconUsers size={16} /> }] : []),
    { to: "/engines", label: "Engines", icon: <IconEngine size={16} /> },
  ];
  return (
    <div className={classes.page}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <header className={classes.header}>
        <Container size="xl" className={classes.bar}>
          <Link href="/" className={classes.brand}>
            <Logo />
            <span className={classes.brandName}>Netyard</span>
          </Link>
          <nav className={classes.places} aria-label="Main">
            {places.map(({ to, label, icon }) => (
              <Link
                key={label}
                href={to}
                className={classes.place}
                data-here={
                  location === to ||
                  (label === "Team" && location.startsWith("/teams/")) ||
                  (label === "Engines" && location.startsWith("/engines/")) ||
                  undefined
                }
                aria-current={location === to ? "page" : undefined}
              >
                {icon}
                <span>{label}</span>
              </Link>
            ))}
          </nav>
          <Group gap={4} wrap="nowrap">
            <ThemeToggle />
            <Menu position="bottom-end" width={220}>
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" size="lg" w="auto" px={6} aria-label="Your account">
                  <Avatar size={26} radius="xl" color="indigo">
                    {me ? initials(me.username) : ""}
                  </Avatar>
                  <IconChevronDown size={14} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>
                  <Text size="sm" fw={600} c="var(--ny-text)">
                    {me?.username}
                  </Text>
                  {me?.is_administrator ? "Administrator" : "Member"}
                </Menu.Label>
                {me && me.teams.length > 1 && <Menu.Label>Teams</Menu.Label>}
                {me &&
                  me.teams.length > 1 &&
                  me.teams.map((team) => (
                    <Menu.Item
                      key={team.id}
                      component={Link}
                      href={`/teams/${team.id}`}
                      leftSection={<IconUsers size={16} />}
                    >
                      {team.name}
                    </Menu.Item>
                  ))}
                <Menu.Divider />
                <Menu.Item component="a" href="/password/" leftSection={<IconKey size={16} />}>
                  Change password
                </Menu.Item>
                <Menu.Item leftSection={<IconLogout size={16} />} onClick={logOut}>
                  Log out
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        </Container>
      </header>
      <Container size="xl" component="main" id="content" className={classes.content}>
        {children}
      </Container>
      <footer className={classes.footer}>
        <Anchor size="xs" c="dimmed" href="/healthz">
          Netyard {me?.version ?? ""}
        </Anchor>
      </footer>
    </div>
  );
}
