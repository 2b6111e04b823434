import type { HeardReport } from "@/components/playback/heard-reporter";

/**
 * Reports what was played under a grant, also while the page is being left. True if the portal took it, or never will:
 * after a sign-out nobody may report.
 */
export async function reportHeard(grantId: string, report: HeardReport): Promise<boolean> {
  const answer = await fetch(`/api/playback/${grantId}/heard`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(report),
    keepalive: true,
  });
  return answer.status < 500 && answer.status !== 429;
}
