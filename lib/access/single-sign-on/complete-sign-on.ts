import { askProvider } from "@/lib/access/single-sign-on/ask-provider";
import { admitPerson } from "@/lib/access/single-sign-on/people/admit-person";
import { proveAtProvider } from "@/lib/access/single-sign-on/prove-at-provider";
import { recorded } from "@/lib/access/single-sign-on/record-sign-on-refusal";
import { takeTry } from "@/lib/access/single-sign-on/take-try";
import { pick } from "@/lib/core/pick";
import type { OperationContext } from "@/lib/operation/actor";

/**
 * `ticket`: for next-auth; null: the open session has a fresh proof. `returnTo`: the page of the portal that the person
 * came for.
 */
export type CompletedSignOn = { ticket: string | null; returnTo: string };

export type ProvidersAnswer = {
  /** Of the browser that started the try. */
  cookie: string | null;
  /** The query of the callback. */
  answer: URLSearchParams;
  /** Who has the session of this browser, for a fresh proof. */
  proves: OperationContext;
};

/**
 * Completes a sign-in, or a fresh proof, with the provider's answer. Each try is used up by its first answer, also by a
 * wrong one.
 * @throws AppError `sign_on_refused`, `sign_on_unavailable`; of a proof also `unauthenticated`: the session has ended
 */
export async function completeSignOn(
  context: OperationContext,
  { cookie, answer, proves }: ProvidersAnswer,
): Promise<CompletedSignOn> {
  const taken = await takeTry(context, { cookie, state: answer.get("state") });
  const person = await recorded(context, () => askProvider(taken, answer));
  const { sessionId, returnTo } = taken;
  if (sessionId !== null) {
    await proveAtProvider(proves, { sessionId, ...pick(person, "issuer", "subject", "provedByFactors") });
    return { ticket: null, returnTo };
  }
  const asJob = { ...context, actor: { type: "job" as const, name: "single-sign-on" as const } };
  const { ticket } = await admitPerson(asJob, person);
  return { ticket, returnTo };
}
