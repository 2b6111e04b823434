import { z } from "zod";
import { SignOnRefusal, signOnCodes, signOnError, type SignOnCode } from "@/lib/access/single-sign-on/sign-on-codes";
import type { OperationContext } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { command, refuse, refuseUnrecorded } from "@/lib/operation/operation";
import { log } from "@/lib/core/log";

/**
 * What a command returns that refuses a sign-in: the refusal and its event. Anyone can cause refusals, so each code of
 * a person has its quota of events.
 * @param userId of the account, where one was found.
 */
export function refusedSignOn(code: SignOnCode, userId?: string) {
  if (!takeDenialQuota(`sign-on ${code} ${userId ?? "nobody"}`)) return refuseUnrecorded(signOnError(code));
  const target = userId === undefined ? undefined : { type: "user", id: userId };
  const event = { outcome: "denied" as const, target, details: { signOnCode: code } };
  return refuse(signOnError(code), auditEvent("single_sign_on.refused", event));
}

/**
 * Records that a sign-in at the provider was refused before anybody was known, and throws the refusal.
 * @throws AppError `sign_on_refused`, `sign_on_unavailable`
 */
export const recordSignOnRefusal = command({
  permission: "session:start",
  input: z.object({ code: z.enum(signOnCodes) }),
  audits: ["single_sign_on.refused"],
  run: async ({ input: { code } }) => refusedSignOn(code),
});

/** Runs what talks to the provider; a refusal of it is recorded and thrown as `AppError`. */
export async function recorded<Result>(context: OperationContext, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SignOnRefusal)) throw error;
    const { code, cause } = error;
    log.warn({ code, cause: causeOf(cause), requestId: context.requestId }, "sign-in at the provider refused");
    await recordSignOnRefusal(context, { code });
    throw signOnError(code);
  }
}

/** The library's code: its messages and causes can hold claims. */
const causeOf = (cause: unknown): string | undefined =>
  cause instanceof Error ? ((cause as { code?: string }).code ?? cause.name) : undefined;
