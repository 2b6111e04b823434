import { handle } from "@/lib/http/route";
import { readHealth } from "@/lib/overview/read-health";
import { jsonAnswer } from "@/lib/http/json-answer";

/**
 * For load balancers and monitors: 503 if the database does not respond, else 200. A portal with the status `degraded`
 * works and stays in the rotation; monitors read `status`.
 */
export const GET = handle(async () => {
  const health = await readHealth();
  return jsonAnswer(health, { status: health.status === "unavailable" ? 503 : 200 });
});
