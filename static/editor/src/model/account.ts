// Who is logged in, read once for a page and again after it changed.
import { create } from "zustand";
import { get } from "../sync/api";
import type { Me } from "../wire.gen";

export const useAccount = create<{ me: Me | null }>()(() => ({ me: null }));

export async function loadAccount(): Promise<Me> {
  const me = await get<Me>("me");
  useAccount.setState({ me });
  return me;
}

/** A person's initials for an avatar: one or two letters. */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return (words.length > 1 ? `${words[0]?.[0]}${words[1]?.[0]}` : name.slice(0, 2)).toUpperCase();
}

/** Leave: the server wants a POST with the page's token, so a form does it. */
export function logOut(): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/logout/";
  const token = document.createElement("input");
  token.type = "hidden";
  token.name = "csrfmiddlewaretoken";
  token.value = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  form.append(token);
  document.body.append(form);
  form.submit();
}
