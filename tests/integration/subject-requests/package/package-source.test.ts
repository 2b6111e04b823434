import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { database } from "@/lib/db/client";
import {
  jobs,
  recordings,
  subjectRequestDecisions,
  subjectRequestMatches,
  subjectRequestRights,
} from "@/lib/db/schema";
import { numberColumns } from "@/lib/recordings/customer-number";
import {
  deliveredCalls,
  deliversVcons,
  listUnreadyAudio,
  type Delivery,
} from "@/lib/subject-requests/package/package-source";
import { prepareSubjectAudio } from "@/lib/subject-requests/derived-audio/prepare-subject-audio";
import { verifyPackage } from "@/lib/subject-requests/package/verify-package";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { configuredStore } from "@/lib/storage/configured-store";
import { audio } from "../../../support/audio-fixtures";
import { workOff } from "../../../support/background-jobs";
import { signedInAs, type SignedIn } from "../../../support/people";
import { loadTypescript } from "../../../support/load-typescript";
import { letter } from "../../../support/subject-requests";
import { describeTranscoder } from "../../../support/transcoder";
import { phoneSystem, recordingRow, storedRecording, type PhoneSystem } from "../../../support/uploads";
import { derivedRow, ownChannel } from "../../derived-audio/derived";
import { contentOf, key, keys, run, unpacked, written } from "./packages";

process.env.MEDIA_TRANSCODER = "ffmpeg";
process.env.RECORDING_ENCRYPTION = "envelope";
process.env.ENVELOPE_KEYS ??= `k1:${Buffer.alloc(32, 7).toString("base64")}`;

const stereo = audio("call-01-wav-pcm-stereo.wav");
let system: PhoneSystem;
let dpo: SignedIn;

beforeAll(async () => {
  dpo = await signedInAs("dpo");
});
beforeEach(async () => {
  system = await phoneSystem();
});
afterEach(() => database().delete(jobs));

type Delivered = { id: string; form: "whole" | "subject_channel" | "edited" | null; reason?: "number_exact" | "agent" };

/** A request of one right, of which these recordings are delivered. */
async function delivering(right: "electronic_copy" | "portability", ...delivered: Delivered[]): Promise<Delivery> {
  const context = await dpo.context();
  const { requestId } = await registerRequest(context, letter({ requestId: newId(), rights: [right] }));
  const ofRequest = eq(subjectRequestRights.requestId, requestId);
  const [process] = await database().select().from(subjectRequestRights).where(ofRequest);
  const decidedById = context.actor.type === "user" ? context.actor.userId : "";
  for (const { id, form, reason = "number_exact" } of delivered) {
    const { startedAt } = await recordingRow(id);
    await database()
      .insert(subjectRequestMatches)
      .values({
        ...{ requestId, recordingId: id, startedAt, reasons: [reason], identifierIds: [] },
        ...{ decision: "included", decidedById, decidedAt: new Date() },
      });
    await database()
      .insert(subjectRequestDecisions)
      .values({
        ...{ id: newId(), requestId, processId: process!.id, recordingId: id },
        ...{ measure: "deliver", audioForm: form, decidedById },
      });
  }
  return { requestId };
}

/** A recording of the customer (11) 98765-4321, of one call or of several. */
async function recorded(startedAt: string, sourceCallId = newId()): Promise<string> {
  const id = await storedRecording(system, stereo, { startedAt, sourceCallId, sourceRecordingId: newId() });
  await database()
    .update(recordings)
    .set(numberColumns(readNumber("11 98765-4321")))
    .where(eq(recordings.id, id));
  return id;
}

const content = async (delivery: Delivery) =>
  contentOf([], {
    hasVcons: await deliversVcons(database(), delivery),
    calls: () => deliveredCalls(database(), delivery),
  });

async function callsOf(delivery: Delivery) {
  const calls = [];
  for await (const call of deliveredCalls(database(), delivery)) calls.push(call);
  return calls;
}

/** On an auditor's own machine: no database, no secret. */
const verify = (folder: string, pem: string) =>
  run(
    process.execPath,
    ["--import", loadTypescript, "scripts/receipts.ts", "verify-package", folder, "--public-key", pem],
    { env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv },
  ).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );

await describeTranscoder("the package of a request", () => {
  test("has what was decided, decrypted from the store, and the audio made for it", async () => {
    const call = newId();
    const [late, early, part] = [
      await recorded("2026-03-02T10:00:00Z"),
      await recorded("2026-03-01T17:05:03Z", call),
      await recorded("2026-03-03T10:00:00Z", call),
    ];
    await recorded("2026-03-01T17:05:04Z");
    const delivery = await delivering(
      ...(["portability", { id: late, form: "subject_channel" }, { id: early, form: "whole" }] as const),
      { id: part, form: null },
    );
    const { requestId } = delivery;
    expect(await listUnreadyAudio(database(), delivery)).toEqual([late]);
    await expect(callsOf(delivery)).rejects.toMatchObject({ code: "conflict" });
    const ordered = { requestId, recordingId: late, ...ownChannel, silences: [] };
    const { derivedId } = await prepareSubjectAudio(await dpo.context(), ordered);
    await workOff("derived_audio", "derived_audio_deletion");
    expect(await listUnreadyAudio(database(), delivery)).toEqual([]);

    expect((await callsOf(delivery)).map(({ id, recordings: of }) => [id, of.map((one) => one.id)])).toEqual([
      [early, [early, part]],
      [late, [late]],
    ]);
    const folder = await unpacked(await written(await content(delivery)));
    expect(readdirSync(path.join(folder, "vcon")).length).toBe(2);
    const [first, second] = readdirSync(path.join(folder, "gravacoes")).toSorted();
    expect([first, second]).toEqual(["2026-03-01_14-05_03.wav", "2026-03-02_07-00_00.wav"]);
    expect(readFileSync(path.join(folder, "gravacoes", first!)).equals(stereo.bytes)).toBe(true);
    const { stdout } = await run("sha256sum", [path.join(folder, "gravacoes", second!)]);
    expect(stdout.slice(0, 64)).toBe((await derivedRow(derivedId)).sha256!.toString("hex"));
    expect(readFileSync(path.join(folder, "chamadas.csv"), "utf8")).toContain(";(11) 98765-4321;");

    expect(await verifyPackage(folder, keys)).toMatchObject({ holds: true, files: 8, problems: [] });
    const pem = path.join(folder, "..", "keys.pem");
    writeFileSync(pem, `Key-Id: ${key.id}\n${key.publicKey.export({ type: "spki", format: "pem" })}`);
    const verified = await verify(folder, pem);
    expect([verified.code, verified.stdout.trim()]).toEqual([0, "Valid: 8 files of request 202611290000018."]);
    appendFileSync(path.join(folder, "chamadas.json"), " ");
    expect((await verifyPackage(folder, keys)).problems).toEqual(["chamadas.json: was altered"]);
    expect((await verify(folder, pem)).code).toBe(1);
  });

  test("has no vCons without portability, and no number of a customer for an agent", async () => {
    const id = await recorded("2026-03-01T17:05:03Z");
    const delivery = await delivering("electronic_copy", { id, form: "whole", reason: "agent" });
    expect(await deliversVcons(database(), delivery)).toBe(false);
    expect((await callsOf(delivery))[0]!.recordings[0]).toMatchObject({ number: null, protocol: null });
  });

  test("breaks when the store has another object, and has nothing that was blocked since", async () => {
    const id = await recorded("2026-03-01T17:05:03Z");
    const delivery = await delivering("electronic_copy", { id, form: "whole" });
    const stored = await content(delivery);
    await database().update(recordings).set({ blockedAt: new Date() }).where(eq(recordings.id, id));
    expect((await callsOf(delivery))[0]!.recordings[0]).toMatchObject({ id, audio: null });
    await database().update(recordings).set({ blockedAt: null }).where(eq(recordings.id, id));
    await configuredStore().deleteAllVersions((await recordingRow(id)).objectKey!);
    await expect(written(stored)).rejects.toThrow();
  });

  test("lists what was deleted since as data", async () => {
    const id = await recorded("2026-03-01T17:05:03Z");
    const delivery = await delivering("electronic_copy", { id, form: "whole" });
    await database()
      .update(recordings)
      .set({ state: "deleting", deletingAt: new Date(), deletionReason: "erasure" })
      .where(eq(recordings.id, id));
    expect((await callsOf(delivery))[0]!.recordings[0]).toMatchObject({ audio: null, keptUntil: null });
  });
});
