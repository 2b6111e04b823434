import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { indexAgentNames } from "@/lib/recordings/agents/index-agent-names";

/** Makes agents of earlier releases searchable by name. Each batch commits; a run that ends early is continued. */
export const agentNamesJob: JobHandler<"agent_names"> = {
  run: async ({ signal }) => {
    const context = jobContext("agent-names");
    do {
      if (signal.aborted) return { again: 0 };
    } while ((await indexAgentNames(context, {})).isLeft);
  },
};
