import type { JobActor } from "@/lib/operation/actor";
import { constantTimeEqual } from "@/lib/core/crypto/constant-time-equal";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { ipAddressOf, requestIdOf } from "@/lib/http/request-context";
import { jsonAnswer } from "@/lib/http/json-answer";
import { handle } from "@/lib/http/route";
import type { OperationContext } from "@/lib/operation/operation";

/**
 * A route that a scheduler calls with `Authorization: Bearer <CRON_SECRET>`, as Vercel Cron does. Runs as the job of
 * this name and returns its result as JSON.
 * @throws AppError `wrong_cron_secret`.
 */
export function cronRoute(
  name: JobActor["name"],
  work: (context: OperationContext, request: Request) => Promise<unknown>,
) {
  return handle(async (request) => {
    const given = request.headers.get("authorization") ?? "";
    if (!constantTimeEqual(given, `Bearer ${env().CRON_SECRET}`)) throw new AppError("wrong_cron_secret");
    const context: OperationContext = {
      actor: { type: "job", name },
      requestId: requestIdOf(request.headers),
      ipAddress: ipAddressOf(request.headers),
    };
    return jsonAnswer(await work(context, request));
  });
}
