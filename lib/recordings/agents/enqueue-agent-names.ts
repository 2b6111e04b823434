import { z } from "zod";
import { agents } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";
import { hasNoDigests } from "@/lib/recordings/agents/index-agent-names";

/** Asks for the job that makes agents' names searchable, if there are any without digests. */
export const enqueueAgentNames = command({
  permission: "agent:index-names",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    const [found] = await tx.select({ id: agents.id }).from(agents).where(hasNoDigests).limit(1);
    if (found) await enqueueMissingJobs(tx, [{ kind: "agent_names", key: "all", payload: {} }]);
    return { result: null, unchanged: true as const };
  },
});
