import { Button, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { Page } from "../ui/Page";

export default function MissingPage() {
  return (
    <Page title="Not found">
      <Stack align="center" gap="sm" py={80}>
        <Title order={2}>There is nothing here</Title>
        <Text c="dimmed" ta="center">
          The address is wrong, or what was here is gone or not yours to see.
        </Text>
        <Button component={Link} href="/" mt="sm">
          To your stacks
        </Button>
      </Stack>
    </Page>
  );
}
