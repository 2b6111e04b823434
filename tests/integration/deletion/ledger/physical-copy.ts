import postgres from "postgres";
import { inject } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import type { Backup } from "./restore-scenario";

/** Backup and restore of the test file's database as a copy of its files; the same backup may be restored again. */
export function physicalCopy(): Backup {
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
    restore: () => asOwner(`drop database ${name} with (force)`, `create database ${name} template ${copy}`),
  };
}
