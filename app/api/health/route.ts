import { handle } from "@/lib/http/route";
import { readHealth } from "@/lib/health/read-health";

/**
 * For load balancers and monitors: 503 when the database does not answer, else 200. A portal that is `degraded` works and must stay
 * in the rotation: its monitor reads `status`.
 */
export const GET = handle(async () => {
  const health = await readHealth();
  return Response.json(health, { status: health.status === "unavailable" ? 503 : 200 });
});
