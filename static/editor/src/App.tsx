// The pages of the browser program. Each is loaded when it is first visited; the editor's heavy panels later still.
import { Center, Loader } from "@mantine/core";
import { Suspense } from "react";
import { Route, Switch } from "wouter";
import { lazily } from "./ui/load";

const StacksPage = lazily(() => import("./pages/StacksPage"));
const EditorPage = lazily(() => import("./pages/EditorPage"));
const TeamPage = lazily(() => import("./pages/TeamPage"));
const EnginesPage = lazily(() => import("./pages/EnginesPage"));
const AdoptPage = lazily(() => import("./pages/AdoptPage"));
const MissingPage = lazily(() => import("./pages/MissingPage"));

const loading = (
  <Center h="100vh">
    <Loader aria-label="Loading" />
  </Center>
);

export function App() {
  return (
    <Suspense fallback={loading}>
      <Switch>
        <Route path="/" component={StacksPage} />
        <Route path="/stacks/:id">{({ id }) => <EditorPage key={id} id={id} />}</Route>
        <Route path="/shared/:id">{({ id }) => <EditorPage key={id} id={id} guest />}</Route>
        <Route path="/teams/:id">{({ id }) => <TeamPage key={id} id={id} />}</Route>
        <Route path="/engines" component={EnginesPage} />
        <Route path="/engines/:id/adopt">{({ id }) => <AdoptPage key={id} id={id} />}</Route>
        <Route component={MissingPage} />
      </Switch>
    </Suspense>
  );
}
