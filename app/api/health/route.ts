import { handle } from "@/lib/http/route";
import { readHealth } from "@/lib/overview/read-health";
import { jsonAnswer } from "@/lib/http/json-answer";

/**
 * For load balancers and monitors: 503 when the database does not answer, else 200. A portal that is `degraded`
 * works and must stay in the rotation: its monitor reads `status`.
 */
export const GET = handle(async () => {
  const health = await readHealth();
  return jsonAnswer(health, { status: health.status === "unavailable" ? 503 : 200 });
});
