import { and, asc, eq, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { agents } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { nameDigests } from "@/lib/recordings/agents/agent-name";

const batchSize = 500;

/** A name of a release, or of a process, that made no digests. */
export const hasNoDigests = and(isNotNull(agents.nameEncrypted), isNull(agents.nameIndex));

/** Makes the search digests of the next agents whose names were stored without. Answers whether more may be left. */
export const indexAgentNames = command({
  permission: "agent:index-names",
  input: z.object({}),
  // It changes how an agent is found, not what is known.
  audits: [],
  run: async ({ tx }) => {
    const { id, nameEncrypted } = agents;
    const rows = await tx
      .select({ id, nameEncrypted })
      .from(agents)
      .where(hasNoDigests)
      .orderBy(asc(id))
      .limit(batchSize)
      .for("no key update");
    for (const row of rows) {
      const digests = nameDigests(decryptField("agent.name", row.nameEncrypted!));
      await tx.update(agents).set({ nameIndex: digests }).where(eq(id, row.id));
    }
    return { result: { isLeft: rows.length === batchSize }, unchanged: true as const };
  },
});
