import postgres from "postgres";
import { inject } from "vitest";
import { closeDatabase } from "@/lib/db/client";

/** Backup and restore of the test file's database as a copy of its files; the same backup may be restored again. */
export function physicalCopy() {
  const name = new URL(process.env.MIGRATION_DATABASE_URL!).pathname.slice(1);
  const copy = `${name}_copy`;
  const asOwner = async (...statements: string[]) => {
    await closeDatabase();
    const client = postgres(inject("ownerUrl"), { max: 1, onnotice: () => undefined });
    for (const statement of statements) await client.unsafe(statement);
    await client.end();
  };
  return {
    take: () => asOwner(`drop database if exists ${copy} with (force)`, `create database ${copy} template ${name}`),
    restore: async (during?: () => Promise<void>) => {
      await asOwner(`drop database ${name} with (force)`);
      await during?.();
      await asOwner(`create database ${name} template ${copy}`);
    },
  };
}
