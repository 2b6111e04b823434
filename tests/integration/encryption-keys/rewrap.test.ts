import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { replaceWrappedKeys } from "@/lib/encryption-keys/wrapped-key-replacement";
import { database } from "@/lib/db/client";
import { auditEvents, dataKeys } from "@/lib/db/schema";
import { smallAudio } from "../../support/audio-fixtures";
import { startKmsServer, type KmsServer } from "../../support/kms-server";
import { portalWith, type StartedPortal } from "../../support/portal-with";
import type { SignedIn } from "../../support/people";
import type { PhoneSystem } from "../../support/uploads";
import { loadTypescript } from "../../support/load-typescript";

const [k1, k2] = [`k1:${randomBytes(32).toString("base64")}`, `k2:${randomBytes(32).toString("base64")}`];
const file = smallAudio();

let edge: KmsServer;
let system: PhoneSystem;
let supervisor: SignedIn;
let old: string[];

beforeAll(async () => {
  edge = await startKmsServer();
  const portal = await portalWith({ RECORDING_ENCRYPTION: "envelope", ENVELOPE_KEYS: k1 });
  system = await portal.phoneSystem();
  supervisor = await portal.signedInAs("supervisor", [system.unitId]);
  old = [];
  for (let index = 0; index < 4; index += 1) old.push(await portal.storedRecording(system, file));
});

afterAll(() => edge.close());

async function heard(portal: StartedPortal, recordingId: string): Promise<string> {
  const answered = await portal.listen(supervisor.cookie, (await portal.grantOf(supervisor, recordingId)).url);
  if (!answered.ok) return (await portal.problemOf(answered)).code;
  return (await portal.bytesOf(answered)).equals(file.bytes) ? "played" : "other bytes";
}

const heardAll = (portal: StartedPortal, recordingIds: string[]) =>
  Promise.all(recordingIds.map((id) => heard(portal, id)));
const wrappingKeyOf = async (portal: StartedPortal, recordingId: string) => {
  const { objectKey, encryption } = await portal.recordingRow(recordingId);
  const [row] = await database().select().from(dataKeys).where(eq(dataKeys.objectKey, objectKey!));
  expect(encryption!.keyId).toBe(row!.keyId);
  return row!.keyId;
};
const events = () => database().select().from(auditEvents).where(eq(auditEvents.action, "data_key.rewrapped"));

const runRewrap = (portal: StartedPortal) => portal.runRewrap(portal.job("storage-command"));

/** The command, as an operator runs it with the environment of the portal. */
function rewrap(...parameters: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ["--import", loadTypescript, "scripts/storage.ts", "rewrap", ...parameters],
      { env: process.env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

test("rotates to a new first key: old recordings play, and a stopped rewrapping resumes", async () => {
  const portal = await portalWith({ ENVELOPE_KEYS: `${k2},${k1}` });
  expect(await heardAll(portal, old)).toEqual(old.map(() => "played"));
  const young = await portal.storedRecording(system, file);
  expect([await wrappingKeyOf(portal, old[0]!), await wrappingKeyOf(portal, young)]).toEqual(["k1", "k2"]);

  const interrupted = new AbortController();
  const onProgress = ({ rewrapped }: { rewrapped: number }) => (rewrapped === 2 ? interrupted.abort() : undefined);
  const { signal } = interrupted;
  expect(await portal.runRewrap(portal.job("storage-command"), { signal, onProgress, batchSize: 1 })).toEqual({
    keyId: "k2",
    rewrapped: 2,
    failed: 0,
    finished: false,
  });
  const counted = await rewrap("--dry-run", "--json");
  expect([counted.code, JSON.parse(counted.stdout), counted.stderr]).toEqual([
    0,
    {
      current: "k2",
      counted: [
        { keyId: "k1", keys: 2 },
        { keyId: "k2", keys: 3 },
      ],
    },
    "",
  ]);
  const run = await rewrap();
  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(/k1 +2 +TO REWRAP/);
  expect(run.stdout).toContain("2 key(s) re-encrypted with k2, 0 could not be decrypted.");
  expect((await events()).map(({ actorId, outcome, details }) => [actorId, outcome, details])).toEqual(
    [1, 1, 2].map((rewrapped) => ["storage-command", "success", { keyId: "k2", rewrapped, failed: 0 }]),
  );
  const again = await rewrap("--json");
  expect([again.code, JSON.parse(again.stdout), again.stderr]).toEqual([
    0,
    { current: "k2", rewrapped: 0, failed: 0, finished: true },
    "",
  ]);
  expect(await events()).toHaveLength(3);

  const without = await portalWith({ ENVELOPE_KEYS: k2 });
  expect(await heardAll(without, [...old, young])).toEqual([...old, young].map(() => "played"));
  expect(await wrappingKeyOf(without, old[3]!)).toBe("k2");
});

test("rewraps to a key service: an outage loses nothing; a data key without its wrapping key is counted", async () => {
  const keyArn = edge.makeKey();
  const early = await (await portalWith({ ENVELOPE_KEYS: k1 })).storedRecording(system, file);
  const portal = await portalWith({ ENVELOPE_KEYS: k2, ...edge.environment(keyArn) });
  edge.fault = "AccessDeniedException";
  await expect(runRewrap(portal)).rejects.toMatchObject({
    code: "key_unavailable",
    cause: { name: "AccessDeniedException" },
  });
  expect(await rewrap("--json")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^key_unavailable: .*AccessDeniedException\n$/),
  });
  edge.fault = null;
  await edge.close();
  // An unavailable key service is not reported as an unavailable database.
  expect(await rewrap()).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^key_unavailable: .*ECONNREFUSED\n$/),
  });
  await edge.start();
  expect(await wrappingKeyOf(portal, old[0]!)).toBe("k2");
  expect(await runRewrap(portal)).toEqual({ keyId: `kms:${keyArn}`, rewrapped: 5, failed: 1, finished: true });
  expect((await events()).at(-1)).toMatchObject({
    outcome: "failure",
    details: { keyId: `kms:${keyArn}`, rewrapped: 5, failed: 1 },
  });
  expect([await heard(portal, early), await wrappingKeyOf(portal, early)]).toEqual(["key_unavailable", "k1"]);

  const withAll = await portalWith({ ENVELOPE_KEYS: k1 });
  expect(await heardAll(withAll, [early, ...old])).toEqual([early, ...old].map(() => "played"));
  const kmsAlone = await portalWith({ ENVELOPE_KEYS: undefined });
  expect([await heard(kmsAlone, old[0]!), await heard(kmsAlone, early)]).toEqual(["played", "key_unavailable"]);
});

test("leaves a data key alone that was destroyed or replaced during rewrapping", async () => {
  const portal = await portalWith({ ENVELOPE_KEYS: `${k2},${k1}` });
  const objectKey = (await portal.recordingRow(old[0]!)).objectKey!;
  const before = await wrappingKeyOf(portal, old[0]!);
  const stale = { oldWrappedKey: randomBytes(60), keyId: "k9", wrappedKey: randomBytes(60) };
  const replaced = await database().transaction((tx) =>
    replaceWrappedKeys(tx, [
      { objectKey, ...stale },
      { objectKey: "recordings/destroyed", ...stale },
    ]),
  );
  expect([replaced, await wrappingKeyOf(portal, old[0]!)]).toEqual([0, before]);
  expect(await database().select().from(dataKeys).where(eq(dataKeys.keyId, "k9"))).toEqual([]);
});
