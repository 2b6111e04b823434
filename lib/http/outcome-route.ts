import { Webhook } from "standardwebhooks";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { ipAddressOf, requestIdOf } from "@/lib/http/request-context";
import { boundedText } from "@/lib/http/route";
import { reportUndelivered, undeliveredReport } from "@/lib/notifications/messages/report-undelivered";

const longestBody = 16 * 1024;

/**
 * Takes the report of a mail system or gateway that a message did not arrive, signed as in Standard Webhooks by
 * MESSAGE_OUTCOME_SECRETS. Answers 204 also to a repeated report, and to one about an unknown message.
 * @throws AppError `not_found` (no secret is set), `unauthenticated`, `too_large`, `invalid_input`
 */
export async function answerOutcome(request: Request): Promise<Response> {
  const { MESSAGE_OUTCOME_SECRETS: secrets } = env();
  if (!secrets) throw new AppError("not_found", "MESSAGE_OUTCOME_SECRETS is not set");
  const body = await boundedText(request, longestBody);
  const parsed = undeliveredReport.safeParse(verified(secrets, body, request.headers));
  if (!parsed.success) throw new AppError("invalid_input", "not a report of a message");
  const { headers } = request;
  const context = {
    actor: { type: "job" as const, name: "message" as const },
    requestId: requestIdOf(headers),
    ipAddress: ipAddressOf(headers),
  };
  await reportUndelivered(context, parsed.data.data);
  return new Response(null, { status: 204 });
}

/** @throws AppError `unauthenticated` if no secret made the signature, or it is older than five minutes. */
function verified(secrets: readonly string[], body: string, headers: Headers): unknown {
  for (const secret of secrets) {
    try {
      return new Webhook(secret).verify(body, Object.fromEntries(headers));
    } catch {
      // Another secret may fit.
    }
  }
  throw new AppError("unauthenticated", "no valid signature");
}
