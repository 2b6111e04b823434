import postgres from "postgres";
import { inject, it } from "vitest";
import { eraseRestoreReplay } from "./restore-scenario";

it("after a restore of a physical copy, what was erased is refused until the ledger is replayed", async () => {
  const name = new URL(process.env.MIGRATION_DATABASE_URL!).pathname.slice(1);
  const copy = `${name}_copy`;
  const asOwner = async (...statements: string[]) => {
    const client = postgres(inject("ownerUrl"), { max: 1, onnotice: () => undefined });
    for (const statement of statements) await client.unsafe(statement);
    await client.end();
  };
  await eraseRestoreReplay({
    take: () => asOwner(`create database ${copy} template ${name}`),
    restore: () => asOwner(`drop database ${name} with (force)`, `alter database ${copy} rename to ${name}`),
  });
}, 240_000);
