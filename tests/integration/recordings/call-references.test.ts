import { and, eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, recordings } from "@/lib/db/schema";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readRecording } from "@/lib/recordings/read-recording";
import { correctTaxId } from "@/lib/recordings/references/correct-tax-id";
import { readSearch } from "@/lib/recordings/references/read-search";
import { recordingConditions } from "@/lib/recordings/recording-conditions";
import { analyzeRecordings } from "../../support/analyze-recordings";
import { smallAudio } from "../../support/audio-fixtures";
import { serviceAccount, signedInAs, unit, type ServiceAccount, type SignedIn } from "../../support/people";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  phoneSystem,
  storedRecording,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

let sender: ServiceAccount;
let system: PhoneSystem;
let place: { unitId: string; code: string };
let [dpo, supervisor, stranger, auditor, admin]: SignedIn[] = [];

beforeAll(async () => {
  system = await phoneSystem();
  [sender, place] = await Promise.all([serviceAccount(), unit()]);
  const elsewhere = await unit();
  [dpo, supervisor, stranger, auditor, admin] = await Promise.all([
    signedInAs("dpo"),
    signedInAs("supervisor", [place.unitId]),
    signedInAs("supervisor", [elsewhere.unitId]),
    signedInAs("auditor"),
    signedInAs("admin"),
  ]);
});

async function announce(facts: Record<string, unknown>): Promise<string> {
  const response = await askTicket(sender.headers, callMetadata(place.code, smallAudio(), facts));
  expect(response.status).toBe(201);
  return ((await response.json()) as Ticket).id;
}

const rowOf = async (id: string) => (await database().select().from(recordings).where(eq(recordings.id, id)))[0]!;

type By = "number" | "protocol" | "customerReference" | "taxId";

async function search(who: SignedIn | undefined, text: string, by?: By) {
  const { filter, token } = await readSearch(await who!.context(), { text, by });
  const { rows } = await listRecordings(await who!.context(), { [filter]: token, limit: 200 });
  return { filter, ids: rows.map(({ id }) => id).sort() };
}

const read = async (who: SignedIn | undefined, recordingId: string) =>
  readRecording(await who!.context(), { recordingId });

describe("a protocol", () => {
  test("is kept with its zeros, encrypted, and found however it is punctuated", async () => {
    const id = await announce({ protocol: "00123-2026/a", customerReference: "Contrato 77" });
    const row = await rowOf(id);
    expect(row.protocolEncrypted!.toString("latin1")).not.toContain("00123");
    for (const text of ["00123-2026/a", "001232026A", " 00123 2026 a "])
      expect(await search(supervisor, text)).toEqual({ filter: "protocol", ids: [id] });
    expect(await search(dpo, "contrato-77")).toEqual({ filter: "customerReference", ids: [id] });
    expect(await read(supervisor, id)).toMatchObject({ protocol: "00123-2026/a", customerReference: "Contrato 77" });
  });

  test("is not found without its zeros, nor by a supervisor of another unit", async () => {
    await announce({ protocol: "000777001" });
    const nothing = { code: "invalid_input", details: { fields: [{ path: "text", reason: "not_found" }] } };
    await expect(search(dpo, "777001")).rejects.toMatchObject(nothing);
    await expect(search(stranger, "000777001")).rejects.toMatchObject(nothing);
    expect((await search(stranger, "000777001", "protocol")).ids).toEqual([]);
  });

  test("is masked for roles that hear nothing", async () => {
    const id = await announce({ protocol: "2026000451", customerReference: "77" });
    for (const who of [auditor, admin])
      expect(await read(who, id)).toMatchObject({ protocol: "••••0451", customerReference: "••••" });
    const { rows } = await listRecordings(await admin!.context(), { unitId: place.unitId, limit: 200 });
    const row = rows.find((found) => found.id === id)!;
    expect(row).toMatchObject({ protocol: "••••0451", customerReference: "••••" });
    expect(JSON.stringify(row)).not.toContain("2026000451");
    expect(Object.keys(row).filter((name) => /encrypted|index|references/i.test(name))).toEqual([]);
  });

  test("of one recording finds its call; sent again it replaces the one before, until it is stored", async () => {
    const sourceCallId = `call-${place.code}`;
    const [first, second] = ["a", "b"].map((sourceRecordingId) => ({ sourceCallId, sourceRecordingId }));
    const id = await announce({ ...first, protocol: "P-1" });
    await announce(second!);
    expect((await search(dpo, "p1", "protocol")).ids).toEqual([id]);
    const { filter, token } = await readSearch(await dpo!.context(), { text: "p1" });
    const { rows } = await listRecordings(await dpo!.context(), { [filter]: token });
    expect(rows.map(({ call: { recordings: count } }) => count)).toEqual([2]);
    const again = callMetadata(place.code, smallAudio(), { ...first, protocol: "P-2" });
    expect((await askTicket(sender.headers, again)).status).toBe(200);
    expect((await search(dpo, "p1", "protocol")).ids).toEqual([]);
    expect((await search(dpo, "p2", "protocol")).ids).toHaveLength(1);
  });

  test("is taken by the batch too; one that is too long refuses its item alone", async () => {
    const items = [{ protocol: "LOTE-1" }, { protocol: "9".repeat(33) }].map((facts) =>
      callMetadata(place.code, smallAudio(), facts),
    );
    const response = await call("POST", "/api/recordings/batch", {
      headers: sender.headers,
      json: { recordings: items },
    });
    const { results } = (await response.json()) as { results: { status: number; body: { id: string } }[] };
    expect(results.map(({ status }) => status)).toEqual([201, 422]);
    expect((await search(dpo, "lote1")).ids).toEqual([results[0]!.body.id]);
  });

  test.each(["---", ""])("%j is no search key", async (protocol) => {
    expect((await rowOf(await announce({ protocol }))).protocolIndex).toBeNull();
  });
});

describe("a CPF or CNPJ", () => {
  test("is found by DPO and supervisor by the whole, shown whole to the DPO", async () => {
    const id = await announce({ customerTaxId: "52998224725" });
    const company = await announce({ customerTaxId: "12.abc.345/01de-35" });
    for (const who of [dpo, supervisor]) {
      expect(await search(who, "529.982.247-25")).toEqual({ filter: "taxId", ids: [id] });
      expect(await search(who, "12ABC34501DE35", "taxId")).toEqual({ filter: "taxId", ids: [company] });
    }
    expect(await read(dpo, id)).toMatchObject({ taxIdKind: "cpf", taxId: "529.982.247-25" });
    for (const who of [supervisor, auditor, admin]) expect((await read(who, id)).taxId).toBe("•••.•••.•••-25");
  });

  test("is found by no other role, not even by the address of a supervisor's list", async () => {
    await announce({ customerTaxId: "111.444.777-35" });
    const { token } = await readSearch(await supervisor!.context(), { text: "11144477735", by: "taxId" });
    for (const who of [auditor, admin]) {
      await expect(search(who, "111.444.777-35", "taxId")).rejects.toMatchObject({ code: "forbidden" });
      await expect(search(who, "111.444.777-35")).rejects.toMatchObject({ code: "invalid_input" });
      await expect(listRecordings(await who!.context(), { taxId: token })).rejects.toMatchObject({ code: "forbidden" });
    }
    await expect(search(dpo, "777-35", "taxId")).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("with wrong check digits is kept as written, and nobody's search key", async () => {
    const id = await announce({ customerTaxId: "529.982.247-99" });
    const row = await rowOf(id);
    expect([row.taxIdKind, row.taxIdIndex]).toEqual(["not_understood", null]);
    expect(await read(dpo, id)).toMatchObject({ taxIdKind: "not_understood", taxId: "529.982.247-99" });
    expect(await read(supervisor, id)).toMatchObject({ taxIdKind: "not_understood", taxId: null });
    await expect(search(dpo, "529.982.247-99", "taxId")).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("a correction of a CPF or CNPJ", () => {
  const stored = (facts: Record<string, unknown>) => storedRecording(system, smallAudio(), facts);
  const corrected = async (id: string) =>
    database()
      .select({ details: auditEvents.details })
      .from(auditEvents)
      .where(and(eq(auditEvents.targetId, id), eq(auditEvents.action, "recording.tax_id_corrected")));

  test("replaces what was not understood, once, with an event without it", async () => {
    const recordingId = await stored({ customerTaxId: "168.995.350-99" });
    const notUnderstood = { taxIdKind: "not_understood" as const, limit: 200 };
    const { rows } = await listRecordings(await dpo!.context(), notUnderstood);
    expect(rows.map(({ id }) => id)).toContain(recordingId);
    const input = { recordingId, revision: (await read(dpo, recordingId)).taxIdRevision!, kind: "tax_id" as const };
    const correct = async (taxId: string) => correctTaxId(await dpo!.context(), { ...input, taxId });
    await expect(correct("168.995.350-98")).rejects.toMatchObject({ code: "invalid_input" });
    await correct("168.995.350-09");
    expect((await search(dpo, "16899535009", "taxId")).ids).toEqual([recordingId]);
    // Sent twice it changes nothing; another correction from the same form is refused.
    await correct("168.995.350-09");
    await expect(correct("529.982.247-25")).rejects.toMatchObject({ code: "conflict" });
    expect(await corrected(recordingId)).toEqual([
      { details: { taxIdKind: "cpf", taxIdKindBefore: "not_understood" } },
    ]);
    const after = await listRecordings(await dpo!.context(), notUnderstood);
    expect(after.rows.map(({ id }) => id)).not.toContain(recordingId);
  });

  test("may say that it is none, which removes it; a supervisor gets no form, a stranger finds nothing", async () => {
    const recordingId = await stored({ customerTaxId: "contrato 8" });
    const input = { recordingId, revision: (await read(dpo, recordingId)).taxIdRevision!, kind: "none" as const };
    expect((await read(auditor, recordingId)).taxIdRevision).toBeNull();
    await expect(correctTaxId(await supervisor!.context(), input)).rejects.toMatchObject({ code: "forbidden" });
    await correctTaxId(await dpo!.context(), input);
    const row = await rowOf(recordingId);
    expect([row.taxIdKind, row.taxIdEncrypted, row.taxIdIndex]).toEqual([null, null, null]);
    expect(await corrected(recordingId)).toEqual([{ details: { taxIdKind: null, taxIdKindBefore: "not_understood" } }]);
  });

  test("is refused for a recording that is not stored", async () => {
    const recordingId = await announce({ customerTaxId: "contrato 9" });
    const revision = "none";
    await expect(correctTaxId(await dpo!.context(), { recordingId, revision, kind: "none" })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("one field for all", () => {
  test("takes digits for the number of a call, unless only a protocol has them", async () => {
    const [customerNumber, protocol] = ["11987650101", "11987650102"];
    const byNumber = await announce({ customerNumber });
    const byProtocol = await announce({ protocol });
    const both = await announce({ protocol: customerNumber });
    expect(await search(dpo, customerNumber)).toEqual({ filter: "number", ids: [byNumber] });
    expect(await search(dpo, customerNumber, "protocol")).toEqual({ filter: "protocol", ids: [both] });
    expect(await search(dpo, protocol)).toEqual({ filter: "protocol", ids: [byProtocol] });
    expect(await search(dpo, "11987650103")).toEqual({ filter: "number", ids: [] });
    expect((await readSearch(await dpo!.context(), { text: customerNumber, by: "" })).filter).toBe("number");
    await expect(search(dpo, "abc", "number")).rejects.toMatchObject({ code: "invalid_input" });
  });
});

test("the list shows the name of an agent that the phone system gave, to whoever sees the recording", async () => {
  const id = await announce({ agent: "1042", agentName: "Ana Paula", protocol: "AGENTE-1" });
  const unnamed = await announce({ agent: "1043", protocol: "AGENTE-2" });
  const { rows } = await listRecordings(await supervisor!.context(), { unitId: place.unitId, limit: 200 });
  const namesOf = (recordingId: string) => rows.filter((row) => row.id === recordingId).map((row) => row.agentName);
  expect([namesOf(id), namesOf(unnamed)]).toEqual([["Ana Paula"], [null]]);
  const others = await listRecordings(await stranger!.context(), { limit: 200 });
  expect(others.rows.filter(({ agentName }) => agentName === "Ana Paula")).toEqual([]);
});

test("no event has a reference", async () => {
  const facts = { protocol: "SEGREDO-4711", customerReference: "CONTRATO-4712", customerTaxId: "390.533.447-05" };
  const id = await announce(facts);
  await search(supervisor, facts.protocol);
  const events = await database().select().from(auditEvents).where(eq(auditEvents.targetId, id));
  expect(events.length).toBeGreaterThan(0);
  const written = JSON.stringify(events, (_, value: unknown) => (typeof value === "bigint" ? "" : value));
  expect(written).not.toMatch(/SEGREDO|4711|4712|390\.?533/);
});

test("searches by a reference use their indexes", async () => {
  await database().execute(sql`
    insert into recordings (id, state, source, source_call_id, source_recording_id, uploaded_by_type, uploaded_by_id,
      unit_id, direction, started_at, content_type, size_bytes, sha256, protocol_index, customer_reference_index,
      tax_id_index, tax_id_kind)
    select gen_random_uuid(), 'pending', 'plan', n::text, n::text, 'service', gen_random_uuid(), ${place.unitId}::uuid,
      'inbound', timestamptz '2024-01-01' + n * interval '31 seconds', 'audio/wav', 1, sha256(n::text::bytea),
      sha256((n % 5000)::text::bytea), sha256((n % 5000)::text::bytea), sha256((n % 5000)::text::bytea),
      case when n % 500 = 0 then 'not_understood' else 'cpf' end
    from generate_series(1, 20000) n`);
  await analyzeRecordings();
  const token = Buffer.alloc(32, 1).toString("base64url");
  for (const [filters, index] of [
    [{ protocol: token }, "recordings_protocol_started"],
    [{ customerReference: token }, "recordings_customer_reference_started"],
    [{ taxId: token }, "recordings_tax_id_started"],
    [{ taxIdKind: "not_understood" }, "recordings_tax_id_not_understood"],
  ] as const) {
    const list = database()
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(...recordingConditions(filters, sql`true`)))
      .orderBy(recordings.startedAt, recordings.id)
      .limit(51);
    const plan = JSON.stringify(await database().execute(sql`explain ${list}`));
    expect(plan).toContain(index);
    expect(plan).not.toContain("Seq Scan");
  }
});
