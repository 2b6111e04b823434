import { handle } from "@/lib/http/route";
import { readHealth } from "@/lib/health/read-health";

/** For load balancers and monitors: 200 when the database answers, 503 when it does not. Says nothing else. */
export const GET = handle(async () => {
  const health = await readHealth();
  return Response.json(health, { status: health.status === "ok" ? 200 : 503 });
});
