import postgres from "postgres";

/** Gives the planner what it knows in a portal that runs for long. Only the owner of a table can analyze it. */
export async function analyzeRecordings(): Promise<void> {
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  await owner`analyze recordings`;
  await owner.end();
}
