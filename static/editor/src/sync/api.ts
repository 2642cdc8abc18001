// Calls to the server's HTTP interface. Every failure becomes an ApiError that carries the server's own words and fix.

import type { Failure, ProblemView } from "../wire.gen";
import { persistently } from "./persistently";

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly problems: ProblemView[];

  constructor(status: number, failure: Failure) {
    super(failure.message);
    this.status = status;
    this.code = failure.code;
    this.fix = failure.fix ?? "";
    this.problems = failure.problems ?? [];
  }
}

function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

async function failureOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const failure = JSON.parse(text) as Failure;
    if (failure.message) return new ApiError(response.status, failure);
  } catch {
    // not JSON: a proxy or a crash answered; the status is all there is to tell
  }
  return new ApiError(response.status, {
    code: "unexpected",
    message: `The server answered ${response.status}.`,
    fix: "Try again; if it stays, look at Netyard's log.",
    problems: [],
  });
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  accept = "application/json",
): Promise<Response> {
  const send = () =>
    fetch(`/api/${path}`, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: accept,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(method === "GET" ? {} : { "X-CSRFToken": csrfToken() }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  let response: Response;
  try {
    // A browser drops a request when the machine's network changes (an engine beside it makes networks): reading is tried again.
    response = method === "GET" ? await persistently(send, { pauses: [200, 600] }) : await send();
  } catch {
    throw new ApiError(0, {
      code: "offline",
      message: "Netyard does not answer.",
      fix: "Check that it runs; what you changed is sent again when it is back.",
      problems: [],
    });
  }
  if (response.status === 401) {
    window.location.assign(`/login/?next=${encodeURIComponent(window.location.pathname)}`);
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await ask(method, path, body);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

/** A file and the name that the server gives it. Unlike a link that is followed, it survives a change of the machine's network. */
export async function getFile(path: string): Promise<{ name: string; body: Blob }> {
  const response = await ask("GET", path, undefined, "*/*");
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { name: name ?? path.slice(path.lastIndexOf("/") + 1), body: await response.blob() };
}

export const get = <T>(path: string) => call<T>("GET", path);
export const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, body);
export const patch = <T>(path: string, body: unknown) => call<T>("PATCH", path, body);
export const remove = (path: string) => call<void>("DELETE", path);
