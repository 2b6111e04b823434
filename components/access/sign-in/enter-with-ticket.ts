import { signIn } from "next-auth/react";
import type { ActionState } from "@/lib/http/run-action";

export type CompletePasskey = (form: FormData) => Promise<ActionState<{ ticket: string }>>;

/** Exchanges a ticket for the session's cookie, and opens the page. @returns the code of a refusal. */
export async function enterWithTicket(ticket: string, next: string): Promise<string | null> {
  const answer = await signIn("ticket", { ticket, redirect: false }).catch(() => undefined);
  if (!answer?.ok || answer.error) return answer?.error ?? "unavailable";
  window.location.assign(next);
  return null;
}

/** Sends the answer of a passkey, and opens the page. @returns the code of a refusal. */
export async function enterByPasskey(
  complete: CompletePasskey,
  fields: Record<string, string>,
  next: string,
): Promise<string | null> {
  const state = await complete(formOf(fields));
  if (state.status === "done") return enterWithTicket(state.result.ticket, next);
  return state.status === "failed" ? state.code : null;
}

/** Fields as a form, for a server action. */
export function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
