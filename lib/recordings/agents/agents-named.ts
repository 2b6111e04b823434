import { and, asc, inArray, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { agents } from "@/lib/db/schema";
import { parseAgentNameToken } from "@/lib/recordings/agents/agent-name";

/** The agents whose names have all words of a token. */
export const isNamed = (token: string): SQL =>
  sql`${agents.nameIndex} @> string_to_array(${parseAgentNameToken(token).join(",")}, ',')`;

/** So few agents have their calls read one by one, each by its index. */
const mostAgents = 50;

/** The ids of the agents that a token finds in these units (null: in all). Null: they are too many to list. */
export async function agentsNamed(
  db: ReadDatabase,
  token: string,
  unitIds: readonly string[] | null,
): Promise<string[] | null> {
  if (unitIds?.length === 0) return [];
  const inUnits = unitIds === null ? undefined : inArray(agents.unitId, [...unitIds]);
  const found = await db
    .select({ id: agents.id })
    .from(agents)
    .where(and(isNamed(token), inUnits))
    .orderBy(asc(agents.id))
    .limit(mostAgents + 1);
  return found.length > mostAgents ? null : found.map(({ id }) => id);
}
