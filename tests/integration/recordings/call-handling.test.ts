import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import { changeHandling } from "@/lib/recordings/handling/change-handling";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readRetentionPolicy } from "@/lib/retention/policies/read-retention-policy";
import { readRecording } from "@/lib/recordings/read-recording";
import { smallAudio } from "../../support/audio-fixtures";
import { signedInAs, unit, type SignedIn } from "../../support/people";
import { call } from "../../support/portal";
import { policy, row, storedRecording } from "../../support/recordings";
import { askTicket, callMetadata, phoneSystem, type PhoneSystem, type Ticket } from "../../support/uploads";

let system: PhoneSystem;
let place: { unitId: string; code: string };
let [dpo, supervisor, stranger, auditor]: SignedIn[] = [];

const unknown = {
  ...{ announcementPlayed: "unknown", announcementVersion: null },
  ...{ sensitiveContent: "unknown", cardDataHandling: "unknown" },
};
const sent = {
  announcementPlayed: "yes",
  announcementVersion: "v3",
  sensitiveContent: "no",
  cardDataHandling: "paused",
} as const;

beforeAll(async () => {
  system = await phoneSystem();
  place = await unit();
  const elsewhere = await unit();
  [dpo, supervisor, stranger, auditor] = await Promise.all([
    signedInAs("dpo"),
    signedInAs("supervisor", [place.unitId]),
    signedInAs("supervisor", [elsewhere.unitId]),
    signedInAs("auditor"),
  ]);
});

const announced = (facts: Record<string, unknown>) =>
  askTicket(system.headers, callMetadata(place.code, smallAudio(), facts));

const idOf = async (response: Response) => ((await response.json()) as Ticket).id;
const stored = async () => (await storedRecording({ unitId: place.unitId, startedAt: new Date() })).id;
const read = async (who: SignedIn | undefined, recordingId: string) =>
  readRecording(await who!.context(), { recordingId });

describe("a phone system", () => {
  test("says how a call was handled, alone or in a batch; one that says nothing is as before", async () => {
    expect(await row(await idOf(await announced(sent)))).toMatchObject(sent);
    for (const nothing of [{}, { announcementPlayed: null, sensitiveContent: null, cardDataHandling: null }])
      expect(await row(await idOf(await announced(nothing)))).toMatchObject(unknown);
    const recordings = [sent, {}].map((facts) => callMetadata(place.code, smallAudio(), facts));
    const response = await call("POST", "/api/recordings/batch", { headers: system.headers, json: { recordings } });
    const { results } = (await response.json()) as { results: { body: { id: string } }[] };
    const rows = await Promise.all(results.map(({ body }) => row(body.id)));
    expect(rows).toMatchObject([sent, unknown]);
  });

  test.each([
    ["announcementPlayed", "sim"],
    ["sensitiveContent", true],
    ["cardDataHandling", "stopped"],
    ["announcementVersion", "5511900001042"],
    ["announcementVersion", "123.456.789-09"],
    ["announcementVersion", "11 98765-4321"],
  ])("is refused with %s %j, which is no word of the field", async (field, value) => {
    const response = await announced({ [field]: value });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ fields: [{ path: field }] });
  });

  test("that asks again before the recording is stored corrects what it said", async () => {
    const facts = callMetadata(place.code, smallAudio(), sent);
    const id = await idOf(await askTicket(system.headers, facts));
    expect(await idOf(await askTicket(system.headers, { ...facts, sensitiveContent: "yes" }))).toBe(id);
    expect((await row(id)).sensitiveContent).toBe("yes");
  });
});

describe("the list", () => {
  test("is filtered by each answer, within the units of the reader", async () => {
    const [id, other] = [await stored(), await stored()];
    const { handlingRevision } = await read(dpo, id);
    await changeHandling(await dpo!.context(), { recordingId: id, revision: handlingRevision!, ...sent });
    for (const filter of ["announcementPlayed", "sensitiveContent", "cardDataHandling"] as const) {
      const found = async (who: SignedIn | undefined, value: string) =>
        (await listRecordings(await who!.context(), { [filter]: value, limit: 200 })).rows.map((found) => found.id);
      expect(await found(supervisor, sent[filter])).toContain(id);
      expect(await found(supervisor, sent[filter])).not.toContain(other);
      expect(await found(supervisor, "unknown")).toContain(other);
      expect(await found(stranger, sent[filter])).not.toContain(id);
    }
  });
});

describe("a change", () => {
  const changed = async (id: string) =>
    database()
      .select({ details: auditEvents.details })
      .from(auditEvents)
      .where(and(eq(auditEvents.targetId, id), eq(auditEvents.action, "recording.handling_changed")));

  test("is made by supervisor and DPO, once, with an event that has the answers and no text", async () => {
    const id = await stored();
    const { handlingRevision, handling } = await read(supervisor, id);
    expect(handling).toEqual(unknown);
    const input = { recordingId: id, revision: handlingRevision!, ...sent, announcementVersion: "aviso 7" };
    await changeHandling(await supervisor!.context(), input);
    await changeHandling(await supervisor!.context(), input);
    expect((await read(auditor, id)).handling).toEqual({ ...sent, announcementVersion: "aviso 7" });
    expect(await changed(id)).toEqual([
      {
        details: {
          changed: ["announcementPlayed", "announcementVersion", "sensitiveContent", "cardDataHandling"],
          ...{ announcementPlayed: "yes", announcementPlayedBefore: "unknown" },
          ...{ sensitiveContent: "no", sensitiveContentBefore: "unknown" },
          ...{ cardDataHandling: "paused", cardDataHandlingBefore: "unknown" },
        },
      },
    ]);
  });

  test("to sensitive content shows at the policy that governs the recording, and at no other", async () => {
    const id = await stored();
    const policyId = (await row(id)).retentionPolicyId!;
    const other = await policy(30, { unitId: (await unit()).unitId }, "Outra unidade");
    const isSensitive = async (of: string) =>
      (await readRetentionPolicy(await auditor!.context(), { policyId: of })).policy.hasSensitiveContent;
    expect(await isSensitive(policyId)).toBe(false);
    const input = { recordingId: id, revision: (await read(dpo, id)).handlingRevision!, ...sent };
    await changeHandling(await dpo!.context(), { ...input, sensitiveContent: "yes" });
    expect([await isSensitive(policyId), await isSensitive(other)]).toEqual([true, false]);
    expect((await read(auditor, id)).policy).toMatchObject({ id: policyId, legalBasis: expect.any(String) as unknown });
  });

  test("is refused after another one, outside one's units, and where nothing is stored", async () => {
    const id = await stored();
    const input = { recordingId: id, revision: (await read(dpo, id)).handlingRevision!, ...sent };
    expect((await read(auditor, id)).handlingRevision).toBeNull();
    await expect(changeHandling(await stranger!.context(), input)).rejects.toMatchObject({ code: "not_found" });
    await changeHandling(await dpo!.context(), { ...input, announcementVersion: "" });
    const stale = { ...input, sensitiveContent: "yes" as const };
    await expect(changeHandling(await supervisor!.context(), stale)).rejects.toMatchObject({ code: "conflict" });
    expect((await row(id)).sensitiveContent).toBe("no");
    const pending = await idOf(await announced({}));
    expect((await read(dpo, pending)).handlingRevision).toBeNull();
    const early = { ...input, recordingId: pending };
    await expect(changeHandling(await dpo!.context(), early)).rejects.toMatchObject({ code: "conflict" });
  });
});
