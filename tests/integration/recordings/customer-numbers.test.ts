import { and, eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { setDialling } from "@/lib/access/service-accounts/set-dialling";
import { updateUnit } from "@/lib/access/units/update-unit";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { database } from "@/lib/db/client";
import { auditEvents, jobs, recordings, units } from "@/lib/db/schema";
import { drain } from "@/lib/jobs/drain";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { numberColumns, numberText } from "@/lib/recordings/customer-number";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readSearch } from "@/lib/recordings/references/read-search";
import { correctNumber } from "@/lib/recordings/numbers/correct-number";
import { numberRenewalJob } from "@/lib/recordings/numbers/number-renewal-job";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { readRecording } from "@/lib/recordings/read-recording";
import { recordingConditions } from "@/lib/recordings/recording-conditions";
import { analyzeRecordings } from "../../support/analyze-recordings";
import { smallAudio } from "../../support/audio-fixtures";
import { serviceAccount, signedInAs, unit, type ServiceAccount, type SignedIn } from "../../support/people";
import { storedRecording } from "../../support/recordings";
import { askTicket, callMetadata, defaultPolicy, type Ticket } from "../../support/uploads";

let sender: ServiceAccount;
let dpo: SignedIn;
let supervisor: SignedIn;
let place: { unitId: string; code: string };

beforeAll(async () => {
  await defaultPolicy();
  [sender, dpo] = await Promise.all([serviceAccount(), signedInAs("dpo")]);
  place = await unit();
  supervisor = await signedInAs("supervisor", [place.unitId]);
});

const rowOf = async (id: string) => (await database().select().from(recordings).where(eq(recordings.id, id)))[0]!;

/** A stored recording with what a phone system gave as number. */
async function stored(text: string): Promise<string> {
  const { id } = await storedRecording({ unitId: place.unitId, startedAt: new Date() });
  await database()
    .update(recordings)
    .set(numberColumns(readNumber(text)))
    .where(eq(recordings.id, id));
  return id;
}

/** Announces a call with this number, as a phone system does. */
async function announce(customerNumber: unknown, changes: Record<string, unknown> = {}, code = place.code) {
  const response = await askTicket(sender.headers, callMetadata(code, smallAudio(), { customerNumber, ...changes }));
  return { status: response.status, id: ((await response.json()) as Ticket).id };
}

async function search(who: SignedIn, number: string, numberMatch: "exact" | "candidate" = "exact") {
  const { token } = await readSearch(await who.context(), { text: number, by: "number" });
  const { rows } = await listRecordings(await who.context(), { number: token, numberMatch, limit: 200 });
  return rows.map(({ id }) => id).sort();
}

describe("a call is never lost by its number", () => {
  test.each([
    ["anonymous", "withheld"],
    ["Restricted", "withheld"],
    ["Unavailable", "withheld"],
    ["0000000000", "withheld"],
    ["266696687", "withheld"],
    ["anonymous@anonymous.invalid", "withheld"],
    ["3201", "not_a_number"],
    ["+1001", "not_a_number"],
    ["Maria", "not_a_number"],
    ["940001234", "not_understood"],
    ["9090940001234", "not_understood"],
    ["x".repeat(3000), "not_a_number"],
  ])("%.40s is accepted as %s and kept as written", async (text, kind) => {
    const { status, id } = await announce(text);
    expect(status).toBe(201);
    const row = await rowOf(id);
    expect([row.numberKind, row.customerNumberIndex, row.customerNumberTailIndex]).toEqual([kind, null, null]);
    expect(numberText(row.customerNumberEncrypted)).toBe(text.slice(0, 256));
    expect(row.customerNumberEncrypted!.toString("latin1")).not.toContain(text.slice(0, 4));
  });

  test.each([
    ["sip:+5511940001234@192.0.2.1", "+5511940001234"],
    ["911940001234", "+5511940001234"],
    ["001511940001234", "+5511940001234"],
    ["0012125550100", "+12125550100"],
    ["11940001234#", "+5511940001234"],
    ["5540041234", "+5540041234"],
  ])("%s is read as %s", async (text, e164) => {
    const row = await rowOf((await announce(text)).id);
    expect([row.numberKind, numberText(row.customerNumberEncrypted)]).toEqual(["number", e164]);
    expect(row.customerNumberIndex).toEqual(blindIndex("customer_number", e164));
  });

  test.each([null, "", undefined])("%j is no number and no kind", async (nothing) => {
    const row = await rowOf((await announce(nothing)).id);
    expect([row.numberKind, row.customerNumberEncrypted]).toEqual([null, null]);
  });

  test("callers without number are nobody's calls: no search finds them", async () => {
    const ids = await Promise.all(
      ["anonymous", "anonymous", "3201", "3201"].map(async (text) => (await announce(text)).id),
    );
    expect(ids).toHaveLength(4);
    expect(await search(dpo, "3201")).toEqual([]);
  });
});

describe("the dialling of a unit", () => {
  test("completes numbers without area code, of this unit only", async () => {
    const other = await unit();
    await database().update(units).set({ areaCode: "21", outsidePrefix: "0" }).where(eq(units.id, other.unitId));
    const [local, collect, prefixed, landline] = await Promise.all([
      announce("987651111", {}, other.code),
      announce("9090987651111", {}, other.code),
      announce("0987651111", { direction: "outbound" }, other.code),
      announce("32201111", {}, other.code),
    ]);
    for (const { id } of [local, collect, prefixed])
      expect(numberText((await rowOf(id)).customerNumberEncrypted)).toBe("+5521987651111");
    expect(numberText((await rowOf(landline.id)).customerNumberEncrypted)).toBe("+552132201111");
    expect((await rowOf((await announce("987651111")).id)).numberKind).toBe("not_understood");
  });

  test("its change has what was not understood read again, and an event for each new result", async () => {
    const other = await unit();
    const [known, unknown] = [
      await announce("987652222", {}, other.code),
      await announce("12125550100", {}, other.code),
    ];
    const admin = await (await signedInAs("admin")).context();
    const [row] = await database().select().from(units).where(eq(units.id, other.unitId));
    const change = { unitId: other.unitId, name: row!.name, timeZone: "America/Recife" as const };
    await expect(updateUnit(admin, { ...change, areaCode: "20" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(updateUnit(admin, { ...change, outsidePrefix: "x" })).rejects.toMatchObject({ code: "invalid_input" });
    await updateUnit(admin, { ...change, areaCode: "81", outsidePrefix: "" });
    expect(await drain(30, { number_renewal: numberRenewalJob })).toMatchObject({ number_renewal: { failed: 0 } });
    expect(numberText((await rowOf(known.id)).customerNumberEncrypted)).toBe("+5581987652222");
    expect((await rowOf(unknown.id)).numberKind).toBe("not_understood");
    expect(await search(dpo, "(81) 98765-2222")).toEqual([known.id]);
    const events = async (id: string) =>
      (
        await database()
          .select({ details: auditEvents.details })
          .from(auditEvents)
          .where(and(eq(auditEvents.targetId, id), eq(auditEvents.action, "recording.number_read_again")))
      ).map(({ details }) => details);
    expect(await events(known.id)).toEqual([{ numberKind: "number", numberKindBefore: "not_understood" }]);
    expect(await events(unknown.id)).toEqual([]);
    await updateUnit(admin, { ...change, name: "Outro nome" });
    expect((await database().select().from(units).where(eq(units.id, other.unitId)))[0]).toMatchObject({
      ...{ areaCode: "81", outsidePrefix: null, name: "Outro nome" },
    });
  });
});

describe("the dialling of a phone system", () => {
  const admin = async () => (await signedInAs("admin")).context();

  test("counts before that of the unit, field by field, for what its account sends alone", async () => {
    const other = await unit();
    await database().update(units).set({ areaCode: "21", outsidePrefix: "0" }).where(eq(units.id, other.unitId));
    const branch = await serviceAccount();
    await setDialling(await admin(), { serviceAccountId: branch.serviceAccountId, areaCode: "71" });
    const send = async (by: ServiceAccount, customerNumber: string, direction = "inbound") => {
      const call = callMetadata(other.code, smallAudio(), { customerNumber, direction });
      const { id } = (await (await askTicket(by.headers, call)).json()) as Ticket;
      return numberText((await rowOf(id)).customerNumberEncrypted);
    };
    expect(await send(branch, "987653301")).toBe("+5571987653301");
    expect(await send(branch, "0987653302", "outbound")).toBe("+5571987653302");
    expect(await send(sender, "987653303")).toBe("+5521987653303");
    const update = { areaCode: "", outsidePrefix: "5" };
    await setDialling(await admin(), { serviceAccountId: branch.serviceAccountId, ...update });
    expect(await send(branch, "987653304")).toBe("+5521987653304");
    expect(await send(branch, "5987653305", "outbound")).toBe("+5521987653305");
  });

  test("its change has its numbers that were not understood read again, and no other account's", async () => {
    const [branch, other, nowhere] = [await serviceAccount(), await serviceAccount(), await unit()];
    const send = async (by: ServiceAccount, customerNumber: string) => {
      const call = callMetadata(nowhere.code, smallAudio(), { customerNumber });
      return ((await (await askTicket(by.headers, call)).json()) as Ticket).id;
    };
    const [own, foreign] = [await send(branch, "987654401"), await send(other, "987654402")];
    const change = { serviceAccountId: branch.serviceAccountId, areaCode: "85" };
    await expect(setDialling(await admin(), { ...change, areaCode: "20" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await setDialling(await admin(), change);
    await setDialling(await admin(), change);
    expect(await drain(30, { number_renewal: numberRenewalJob })).toMatchObject({ number_renewal: { failed: 0 } });
    expect(numberText((await rowOf(own)).customerNumberEncrypted)).toBe("+5585987654401");
    expect((await rowOf(foreign)).numberKind).toBe("not_understood");
    const events = await database()
      .select({ details: auditEvents.details })
      .from(auditEvents)
      .where(
        and(eq(auditEvents.targetId, branch.serviceAccountId), eq(auditEvents.action, "service_account.dialling_set")),
      );
    expect(events).toEqual([{ details: { areaCode: "85", outsidePrefix: null } }]);
  });

  test("counts for a correction, too", async () => {
    const recordingId = await stored("977770000");
    const branch = await serviceAccount();
    await setDialling(await admin(), { serviceAccountId: branch.serviceAccountId, areaCode: "62" });
    const sentByBranch = { uploadedByType: "service" as const, uploadedById: branch.serviceAccountId };
    await database().update(recordings).set(sentByBranch).where(eq(recordings.id, recordingId));
    const { numberRevision } = await readRecording(await dpo.context(), { recordingId });
    const number = { kind: "number" as const, number: "977770000" };
    await correctNumber(await dpo.context(), { recordingId, revision: numberRevision!, ...number });
    expect(numberText((await rowOf(recordingId)).customerNumberEncrypted)).toBe("+5562977770000");
  });
});

describe("a landline and a mobile number", () => {
  test("that differ in the ninth digit alone are never found by each other", async () => {
    const [landline, mobile] = [(await announce("1140009876")).id, (await announce("11940009876")).id];
    expect(await search(dpo, "(11) 4000-9876")).toEqual([landline]);
    expect(await search(dpo, "(11) 4000-9876", "candidate")).toEqual([]);
    expect(await search(dpo, "(11) 94000-9876")).toEqual([mobile]);
    expect(await search(dpo, "(11) 94000-9876", "candidate")).toEqual([]);
  });

  test("what was not understood is a candidate of the numbers that end alike, never a match", async () => {
    const { id } = await announce("955554545");
    expect(await search(dpo, "(11) 95555-4545")).toEqual([]);
    expect(await search(dpo, "(11) 95555-4545", "candidate")).toEqual([id]);
    expect(await search(supervisor, "4545")).toEqual([id]);
    expect(await search(await signedInAs("supervisor", [(await unit()).unitId]), "4545")).toEqual([]);
  });
});

describe("candidates", () => {
  test("take part in no hold by search until a person confirms them", async () => {
    const old = await stored("1187653333");
    const { token: number } = await readSearch(await dpo.context(), { text: "11987653333", by: "number" });
    const { token: lastFour } = await readSearch(await dpo.context(), { text: "3333", by: "number" });
    const hold = { matter: "Processo 1", reason: "Ação", ownerId: dpo.userId, reviewOn: "2099-01-31" };
    const placeBy = async (filters: object) =>
      placeHold(await dpo.context(), { ...hold, selection: { filters } as never });
    for (const filters of [{ number, numberMatch: "candidate" }, { number: lastFour }, { numberMatch: "exact" }])
      await expect(placeBy(filters)).rejects.toMatchObject({ code: "invalid_input" });
    await expect(placeBy({ number })).rejects.toMatchObject({ code: "nothing_to_hold" });
    const { numberRevision } = await readRecording(await dpo.context(), { recordingId: old });
    await correctNumber(await dpo.context(), {
      ...{ recordingId: old, revision: numberRevision!, kind: "number", number: "(11) 98765-3333" },
    });
    expect(await search(dpo, "11987653333")).toEqual([old]);
    expect(await placeBy({ number })).toMatchObject({ held: 1 });
  });
});

describe("a correction", () => {
  test("replaces what was not understood, once, with an event without the number", async () => {
    const recordingId = await stored("977774646");
    const details = await readRecording(await dpo.context(), { recordingId });
    expect(details).toMatchObject({ numberKind: "not_understood", number: "977774646" });
    const list = await listRecordings(await dpo.context(), { numberKind: "not_understood", limit: 200 });
    expect(list.rows.map(({ id }) => id)).toContain(recordingId);
    const input = { recordingId, revision: details.numberRevision!, kind: "number" as const };
    await expect(correctNumber(await dpo.context(), { ...input, number: "977774646" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await correctNumber(await dpo.context(), { ...input, number: "(31) 97777-4646" });
    expect(await search(dpo, "31977774646")).toEqual([recordingId]);
    // Sent twice it changes nothing; another correction from the same form is refused.
    await correctNumber(await dpo.context(), { ...input, number: "(31) 97777-4646" });
    await expect(correctNumber(await dpo.context(), { ...input, number: "(41) 97777-4646" })).rejects.toMatchObject({
      code: "conflict",
    });
    const events = await database()
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.targetId, recordingId), eq(auditEvents.action, "recording.number_corrected")));
    expect(events.map((event) => event.details)).toEqual([
      { numberKind: "number", numberKindBefore: "not_understood" },
    ]);
    expect(JSON.stringify(events, (_, value: unknown) => (typeof value === "bigint" ? "" : value))).not.toContain(
      "97777",
    );
  });

  test("may say that it is no number; a supervisor gets neither the form nor what was written", async () => {
    const recordingId = await stored("977774747");
    const { numberRevision } = await readRecording(await dpo.context(), { recordingId });
    await correctNumber(await dpo.context(), { recordingId, revision: numberRevision!, kind: "withheld" });
    const seen = await readRecording(await supervisor.context(), { recordingId });
    expect([seen.numberKind, seen.number, seen.numberRevision]).toEqual(["withheld", null, null]);
    expect((await rowOf(recordingId)).numberLastFourIndex).toBeNull();
  });

  test("is refused for a recording that is not stored", async () => {
    const { id } = await announce("977774848");
    const input = { recordingId: id, revision: "none", kind: "withheld" as const };
    await expect(correctNumber(await dpo.context(), input)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("rows of the first version", () => {
  /** Writes a row as the release before did. */
  async function asBefore(e164: string, tail: string | null): Promise<string> {
    const recordingId = await stored(e164);
    await database()
      .update(recordings)
      .set({
        ...{ numberKind: null, numberVersion: null, numberLastFourIndex: null },
        customerNumberEncrypted: encryptField("recording.customer_number", e164),
        customerNumberIndex: blindIndex("customer_number", e164),
        customerNumberTailIndex: tail === null ? null : blindIndex("customer_number_tail", tail),
      })
      .where(eq(recordings.id, recordingId));
    return recordingId;
  }

  test("are found before and after the job, and only then lose what they shared", async () => {
    const mobile = await asBefore("+5511987655656", "1187655656");
    const old = await asBefore("+551187655656", "1187655656");
    const landline = await asBefore("+551140005656", "1140005656");
    const ofLandline = await asBefore("+5511940005656", "1140005656");
    const nationwide = await asBefore("+555540045656", "5540045656");
    const keypad = await asBefore("+55266696687", null);
    const landlineBookmark = Buffer.concat([
      blindIndex("customer_number", "+551140005656"),
      blindIndex("customer_number_tail", "1140005656"),
    ]).toString("base64url");
    const expectFound = async () => {
      expect(await search(dpo, "11987655656")).toEqual([mobile]);
      expect(await search(dpo, "11987655656", "candidate")).toEqual([old]);
      expect(await search(dpo, "1140005656")).toEqual([landline]);
      expect(await search(dpo, "1140005656", "candidate")).toEqual([]);
      expect(await search(dpo, "5540045656")).toEqual([nationwide]);
      for (const numberMatch of ["exact", "candidate"] as const) {
        const { rows } = await listRecordings(await dpo.context(), { number: landlineBookmark, numberMatch });
        expect(rows.map(({ id }) => id)).toEqual(numberMatch === "exact" ? [landline] : []);
      }
    };
    await expectFound();
    await database()
      .insert(jobs)
      .values({ id: mobile, kind: "number_renewal", key: "all", payload: {}, runAt: new Date() })
      .onConflictDoNothing();
    expect(await drain(60, { number_renewal: numberRenewalJob })).toMatchObject({ number_renewal: { failed: 0 } });
    await expectFound();
    expect(await database().$count(recordings, sql`coalesce(number_version, 1) < 3 and state <> 'deleted'`)).toBe(0);
    expect((await rowOf(ofLandline)).customerNumberTailIndex).toBeNull();
    expect((await rowOf(keypad)).numberKind).toBe("withheld");
    expect(numberText((await rowOf(nationwide)).customerNumberEncrypted)).toBe("+5540045656");
    expect(await search(supervisor, "5656")).toEqual([mobile, old, landline, ofLandline, nationwide].sort());
  });
});

test("searches by number use their indexes", async () => {
  await database().execute(sql`
    insert into recordings (id, state, source, source_call_id, source_recording_id, uploaded_by_type, uploaded_by_id,
      unit_id, direction, started_at, content_type, size_bytes, sha256, number_kind, customer_number_index,
      customer_number_tail_index, number_last_four_index)
    select gen_random_uuid(), 'pending', 'plan', n::text, n::text, 'service', gen_random_uuid(), ${place.unitId}::uuid,
      'inbound', timestamptz '2024-01-01' + n * interval '31 seconds', 'audio/wav', 1, sha256(n::text::bytea),
      case when n % 500 = 0 then 'not_understood' else 'number' end, sha256((n % 5000)::text::bytea),
      sha256((n % 5000)::text::bytea), sha256((n % 997)::text::bytea)
    from generate_series(1, 20000) n`);
  await analyzeRecordings();
  const planOf = async (filters: Parameters<typeof recordingConditions>[0]) => {
    const list = database()
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(...recordingConditions(filters, sql`true`)))
      .orderBy(recordings.startedAt, recordings.id)
      .limit(51);
    return JSON.stringify(await database().execute(sql`explain ${list}`));
  };
  const { token: number } = await readSearch(await dpo.context(), { text: "5511987654321", by: "number" });
  const exact = await planOf({ number });
  expect(exact).toContain("recordings_number_started");
  const candidates = await planOf({ number, numberMatch: "candidate" });
  expect(candidates).toContain("recordings_number_tail_started");
  expect(candidates).toMatch(/recordings_number_(?:last_four|not_understood)/);
  const { token: lastFour } = await readSearch(await dpo.context(), { text: "4321", by: "number" });
  expect(await planOf({ number: lastFour })).toContain("recordings_number_last_four");
  expect(await planOf({ numberKind: "not_understood" })).toContain("recordings_number_not_understood");
  for (const plan of [exact, candidates]) expect(plan).not.toContain("Seq Scan");
});
