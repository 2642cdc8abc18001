// The pages of the browser program. Each is loaded when it is first visited; the editor's heavy panels later still.
import { Center, Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";

const StacksPage = lazy(() => import("./pages/StacksPage"));
const EditorPage = lazy(() => import("./pages/EditorPage"));
const TeamPage = lazy(() => import("./pages/TeamPage"));
const EnginesPage = lazy(() => import("./pages/EnginesPage"));
const MissingPage = lazy(() => import("./pages/MissingPage"));

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
        <Route component={MissingPage} />
      </Switch>
    </Suspense>
  );
}
