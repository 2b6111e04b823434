import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedInAs } from "../../support/people";
import { phoneSystem, storedRecording } from "../../support/uploads";
import { loadTypescript } from "../../support/load-typescript";

const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 2, onnotice: () => undefined });
const role = `nobody_${randomUUID().replaceAll("-", "")}`;

beforeAll(async () => {
  await storedRecording(await phoneSystem());
  await signedInAs("dpo");
  await owner`create role ${owner(role)} login password 'x'`;
  await owner`grant usage on schema public to ${owner(role)}`;
  await owner`grant select, insert, update, delete on all tables in schema public to ${owner(role)}`;
});

afterAll(async () => {
  await owner`drop owned by ${owner(role)}`;
  await owner`drop role ${owner(role)}`;
  await owner.end();
});

const tables = async () =>
  (await owner<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public' order by 1`).map(
    ({ name }) => name,
  );

/**
 * Everything that a migration can change: columns, indexes, constraints, policies, triggers, privileges, functions,
 * and what was applied.
 */
async function shape() {
  return Promise.all([
    owner`select table_name, column_name, data_type, column_default, is_nullable
      from information_schema.columns where table_schema = 'public' order by 1, 2`,
    owner`select indexdef from pg_indexes where schemaname = 'public' order by 1`,
    owner`select conrelid::regclass::text as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`,
    owner`select tablename, policyname, roles::text, qual from pg_policies where schemaname = 'public' order by 1, 2`,
    owner`select tgrelid::regclass::text as name, tgname from pg_trigger where not tgisinternal order by 1, 2`,
    owner`select table_name, grantee, privilege_type from information_schema.role_table_grants
      where table_schema = 'public' and grantee <> ${role} order by 1, 2, 3`,
    owner`select proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
    owner`select hash from drizzle.__drizzle_migrations order by id`,
  ]);
}

const migrate = () =>
  promisify(execFile)(process.execPath, ["--import", loadTypescript, "scripts/migrate.ts"], {
    cwd: path.resolve(import.meta.dirname, "../../.."),
    env: process.env,
  });

test("the migrations change nothing when they run again, also twice at once", async () => {
  const before = await shape();
  expect((await migrate()).stdout).toContain("up to date");
  await Promise.all([migrate(), migrate()]);
  expect(await shape()).toEqual(before);
});

describe("row-level security", () => {
  test("is enabled for every table, with a policy for the portal only", async () => {
    const open = await owner`select relname from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`;
    expect(open).toEqual([]);
    const policies = await owner<
      { tablename: string; roles: string }[]
    >`select tablename, roles::text as roles from pg_policies
      where schemaname = 'public' and permissive = 'PERMISSIVE' order by 1`;
    expect([...policies]).toEqual((await tables()).map((tablename) => ({ tablename, roles: "{custodia_app}" })));
  });

  test("another login sees and changes nothing, even with grants", async () => {
    const url = new URL(process.env.MIGRATION_DATABASE_URL!);
    const stranger = postgres({
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      username: role,
      password: "x",
      max: 1,
      onnotice: () => undefined,
    });
    try {
      for (const table of await tables()) {
        const [{ n }] = (await stranger`select count(*)::int as n from ${stranger(table)}`) as unknown as [
          { n: number },
        ];
        expect(n, table).toBe(0);
        expect((await stranger`delete from ${stranger(table)}`).count, table).toBe(0);
      }
      await expect(
        stranger`insert into units (id, code, name, time_zone) values (gen_random_uuid(), 'x', 'x', 'UTC')`,
      ).rejects.toMatchObject({ code: "42501" });
    } finally {
      await stranger.end();
    }
    const [{ n }] = (await owner`select count(*)::int as n from recordings`) as unknown as [{ n: number }];
    expect(n).toBe(1);
  });

  test("the portal itself can neither change the audit log nor create tables", async () => {
    const portal = postgres(process.env.DATABASE_URL!, { max: 1, onnotice: () => undefined });
    try {
      for (const statement of [
        "update audit_events set action = 'x'",
        "delete from audit_events",
        "truncate audit_events",
        "delete from audit_seals",
        "create table other (id int)",
        "alter table recordings disable row level security",
        "drop table recordings",
      ]) {
        await expect(portal.unsafe(statement), statement).rejects.toMatchObject({ code: "42501" });
      }
    } finally {
      await portal.end();
    }
    await expect(owner.unsafe("delete from audit_events")).rejects.toMatchObject({ code: "42501" });
  });
});

test("the database holds no personal data in clear text", async () => {
  await storedRecording(await phoneSystem(), undefined, {
    customerNumber: "(11) 98765-4321",
    agent: "agente-9",
    agentName: "Benedita Nogueira",
  });
  for (const table of (await tables()).filter((name) => name !== "users")) {
    const rows = await owner.unsafe(`select to_jsonb(t)::text as text from ${table} as t`);
    for (const { text } of rows) expect(text as string, table).not.toMatch(/98765-?4321|Benedita|Nogueira/);
  }
});
