import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { TEMPLATE_DATABASE } from "../../scripts/launch/test-server.mjs";

export interface TestDatabase {
  name: string;
  /** For the superuser that owns the tables. */
  ownerUrl: string;
  /** For the portal's own login, with the rights that the migrations grant. */
  applicationUrl: string;
}

function withDatabase(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `/${name}`;
  return url.href;
}

/** Creates a new, migrated, empty database on the test server, which removes it at the end of the run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const ownerUrl = inject("ownerUrl");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql`create database ${sql(name)} template ${sql(TEMPLATE_DATABASE)} strategy file_copy`;
  } finally {
    await sql.end();
  }
  return { name, ownerUrl: withDatabase(ownerUrl, name), applicationUrl: withDatabase(inject("applicationUrl"), name) };
}
