import { and, eq, inArray, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { agents, jobs } from "@/lib/db/schema";
import { drain } from "@/lib/jobs/drain";
import { jobContext } from "@/lib/operation/job-context";
import { enqueueAgentNames } from "@/lib/recordings/agents/enqueue-agent-names";
import { agentNamesJob } from "@/lib/recordings/agents/agent-names-job";
import { agentNameColumns } from "@/lib/recordings/agents/agent-name";
import { listRecordings, pageIds } from "@/lib/recordings/list-recordings";
import { readSearch } from "@/lib/recordings/references/read-search";
import { analyzeRecordings } from "../../support/analyze-recordings";
import { smallAudio } from "../../support/audio-fixtures";
import { serviceAccount, signedInAs, unit, type ServiceAccount, type SignedIn } from "../../support/people";
import { askTicket, callMetadata, defaultPolicy, type Ticket } from "../../support/uploads";

let sender: ServiceAccount;
let place: { unitId: string; code: string };
let [supervisor, stranger]: SignedIn[] = [];

beforeAll(async () => {
  await defaultPolicy();
  [sender, place] = await Promise.all([serviceAccount(), unit()]);
  const elsewhere = await unit();
  [supervisor, stranger] = await Promise.all([
    signedInAs("supervisor", [place.unitId]),
    signedInAs("supervisor", [elsewhere.unitId]),
  ]);
});

async function announce(agent: string, agentName?: string): Promise<string> {
  const response = await askTicket(sender.headers, callMetadata(place.code, smallAudio(), { agent, agentName }));
  return ((await response.json()) as Ticket).id;
}

async function search(who: SignedIn | undefined, text: string) {
  const { filter, token } = await readSearch(await who!.context(), { text, by: "agentName" });
  const { rows } = await listRecordings(await who!.context(), { [filter]: token, limit: 200 });
  return rows.map(({ id }) => id).sort();
}

describe("an agent's name", () => {
  test("is found by its whole words, whatever their accents, case and order", async () => {
    const [id, again] = [await announce("2001", "João Antônio d'Ávila"), await announce("2001")];
    const other = await announce("2002", "João Batista");
    for (const text of ["joao antonio", "ÁVILA, João", "antônio", "  JOÃO ANTONIO D'AVILA "])
      expect(await search(supervisor, text)).toEqual([id, again].sort());
    expect(await search(supervisor, "joão")).toEqual([id, again, other].sort());
    for (const text of ["joa", "joão antônio souza", "avil"]) expect(await search(supervisor, text)).toEqual([]);
  });

  test("is found by the field for all, after numbers and references; not by a supervisor of another unit", async () => {
    const id = await announce("2003", "Marinalva Setúbal");
    expect(await readSearch(await supervisor!.context(), { text: "marinalva" })).toMatchObject({ filter: "agentName" });
    expect(await search(supervisor, "setubal")).toEqual([id]);
    expect(await search(stranger, "setubal")).toEqual([]);
    await expect(readSearch(await stranger!.context(), { text: "marinalva" })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  test("is no search key without a letter or digit, nor as a token that holds no digest", async () => {
    await expect(search(supervisor, "--")).rejects.toMatchObject({ code: "invalid_input" });
    for (const agentName of ["", "marinalva", "AAAA"])
      await expect(listRecordings(await supervisor!.context(), { agentName })).rejects.toMatchObject({
        code: "invalid_input",
      });
  });

  test("appears in no column and no token in clear", async () => {
    await announce("2004", "Quitéria Gusmão");
    const [row] = await database()
      .select()
      .from(agents)
      .where(and(eq(agents.unitId, place.unitId), eq(agents.code, "2004")));
    expect(row!.nameIndex).toHaveLength(2);
    expect(JSON.stringify({ ...row, nameEncrypted: row!.nameEncrypted!.toString("latin1") })).not.toMatch(/quit|gusm/i);
    const { token } = await readSearch(await supervisor!.context(), { text: "quiteria", by: "agentName" });
    expect(Buffer.from(token, "base64url").toString("latin1")).not.toMatch(/quit/i);
  });
});

test("names of before are made searchable by a job, in batches that go on after a stop", async () => {
  const [first, ...others] = Array.from({ length: 501 }, (_, index) => ({
    ...{ id: newId(), unitId: place.unitId, code: `old-${index}`, ...agentNameColumns("Anacleto Prado") },
    nameIndex: null,
  }));
  await database()
    .insert(agents)
    .values([first!, ...others]);
  const id = await announce(first!.code);
  expect(await search(supervisor, "anacleto")).toEqual([]);
  // Also names that a process of the release before wrote after the job had ended.
  const enqueue = () => enqueueAgentNames(jobContext("agent-names"), {});
  const ids = [first!, ...others].map((agent) => agent.id);
  const left = () => database().$count(agents, sql`${inArray(agents.id, ids)} and ${agents.nameIndex} is null`);
  await enqueue();
  expect(await drain(60, { agent_names: agentNamesJob })).toMatchObject({ agent_names: { failed: 0 } });
  expect(await left()).toBe(0);
  expect(await search(supervisor, "prado anacleto")).toEqual([id]);
  await enqueue();
  expect(await database().$count(jobs, eq(jobs.kind, "agent_names"))).toBe(0);
});

test("searches by an agent's name use the indexes of agents, page by page", async () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    ...{ id: newId(), unitId: place.unitId, code: `plan-${index}` },
    ...agentNameColumns(index === 0 ? "Zulmira Plano" : `Plano Numero${index}`),
  }));
  await database().insert(agents).values(many);
  const ids = many.map(({ id }) => id).join(",");
  await database().execute(sql`
    insert into recordings (id, state, source, source_call_id, source_recording_id, uploaded_by_type, uploaded_by_id,
      unit_id, agent_id, direction, started_at, content_type, size_bytes, sha256)
    select gen_random_uuid(), 'pending', 'plan', n::text, n::text, 'service', gen_random_uuid(), ${place.unitId}::uuid,
      (string_to_array(${ids}, ',')::uuid[])[1 + n % 40], 'inbound',
      timestamptz '2024-01-01' + n * interval '31 seconds', 'audio/wav', 1, sha256(n::text::bytea)
    from generate_series(1, 20000) n`);
  await analyzeRecordings();
  const { token: agentName } = await readSearch(await supervisor!.context(), { text: "zulmira", by: "agentName" });
  const context = await supervisor!.context();
  const sort = { key: "startedAt", descending: true } as const;
  const planOf = async (token: string) =>
    JSON.stringify(
      await database().execute(
        sql`explain ${await pageIds(database(), context.actor, { agentName: token, sort, limit: 50 })}`,
      ),
    );
  const plan = await planOf(agentName);
  expect(plan).toContain("recordings_agent_started");
  expect(plan).not.toMatch(/Seq Scan on recordings|recordings_started|Sort/);
  // Agents who share a name are read one by one, as long as they are few.
  const { token: shared } = await readSearch(context, { text: "plano", by: "agentName" });
  expect((await planOf(shared)).match(/recordings_agent_started/g)!.length).toBeGreaterThanOrEqual(40);
  expect((await listRecordings(context, { agentName: shared, limit: 200 })).rows).toHaveLength(200);
  const [first, ...rest] = [await listRecordings(context, { agentName, limit: 200 })];
  expect([first!.rows.length, rest]).toEqual([200, []]);
  const second = await listRecordings(context, { agentName, limit: 200, after: first!.after! });
  const shown = [...first!.rows, ...second.rows].map((row) => row.startedAt.getTime());
  expect(new Set(shown).size).toBe(400);
  expect(shown).toEqual(shown.toSorted((left, right) => right - left));
});
