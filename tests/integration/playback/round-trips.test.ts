import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { audio } from "../../support/audio-fixtures";
import { startDatabaseProxy, type DatabaseProxy } from "../../support/database-proxy";
import { portalWith } from "../../support/portal-with";

let owner: postgres.Sql;
let proxy: DatabaseProxy;

beforeAll(async () => {
  owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  proxy = await startDatabaseProxy(process.env.DATABASE_URL!);
});

afterAll(async () => {
  await owner.end();
  await proxy.close();
});

const file = audio("call-35-ogg-opus-stereo.opus");

/** A portal with this setting and a stored recording, without background jobs. */
async function listening(RECORDING_ENCRYPTION: "store" | "envelope", storedBefore?: string) {
  const portal = await portalWith({ RECORDING_ENCRYPTION, DATABASE_URL: proxy.url });
  const recordingId = storedBefore ?? (await portal.storedRecording(await portal.phoneSystem(), file));
  const { unitId } = await portal.recordingRow(recordingId);
  const who = await portal.signedInAs("supervisor", [unitId]);
  return { portal, who, recordingId, ...(await portal.grantOf(who, recordingId)) };
}

type Listening = Awaited<ReturnType<typeof listening>>;

/** The statements of one range: those that open it, and those that record the sent bytes. */
async function statementsOf({ portal, who, url, grantId }: Listening, [start, end]: readonly [number, number]) {
  proxy.takeStatements();
  const answered = await portal.listen(who.cookie, url, { range: `bytes=${start}-${end}` });
  expect(answered.status).toBe(206);
  const opening = proxy.takeStatements();
  expect((await portal.bytesOf(answered)).equals(file.bytes.subarray(start, end + 1))).toBe(true);
  const isRecorded = async () =>
    expect(
      await owner`select 1 from playback_grants
        where id = ${grantId} and bytes_sent @> int8range(${start}, ${end + 1})`,
    ).toHaveLength(1);
  await vi.waitFor(isRecorded, { timeout: 20_000 });
  return { opening: opening.map(kindOf), recording: proxy.takeStatements().map(kindOf) };
}

const kinds: [name: string, pattern: RegExp][] = [
  ["session", / from "sessions" /],
  ["grant", / from "playback_grants" /],
  ["data key", / from "data_keys" /],
  ["bytes sent", /^update "playback_grants" /],
  ["audit event", /insert into audit_events /],
];

const kindOf = (text: string) => kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? text.trim();

describe("the statements of a byte range", () => {
  test.each([
    ["store", "which is not sealed: no data key is read", ["session", "grant"]],
    ["envelope", "which is sealed", ["session", "grant", "data key"]],
  ] as const)("with recording encryption %s, of a recording %s", async (setting, _, opening) => {
    const listener = await listening(setting);
    // The first range of a process also checks the erasure ledger.
    await statementsOf(listener, [0, 1]);
    for (const range of [
      [0, 99_999],
      [200_000, 299_999],
      [651_000, 651_009],
    ] as const)
      expect(await statementsOf(listener, range)).toEqual({
        opening,
        recording: ["begin", "bytes sent", "audit event", "commit"],
      });
  });

  test("reads no data key for a recording that was stored before recordings were sealed", async () => {
    const { recordingId } = await listening("store");
    const listener = await listening("envelope", recordingId);
    await statementsOf(listener, [0, 1]);
    expect((await statementsOf(listener, [0, 99_999])).opening).toEqual(["session", "grant"]);
  });

  test("refuses a range whose data key was just destroyed", async () => {
    const listener = await listening("envelope");
    await statementsOf(listener, [0, 1]);
    await owner`delete from data_keys
      where object_key = (select object_key from recordings where id = ${listener.recordingId})`;
    const { portal, who, url } = listener;
    proxy.takeStatements();
    const answered = await portal.listen(who.cookie, url, { range: "bytes=0-99999" });
    expect(await portal.problemOf(answered)).toMatchObject({ status: 500, code: "recording_damaged" });
    expect(proxy.takeStatements().map(kindOf).slice(0, 2)).toEqual(["session", "grant"]);
  });

  test("takes the session, the grant and a transaction with the event for a refused range", async () => {
    const { portal, url } = await listening("store");
    const other = await portal.signedInAs("dpo");
    await portal.listen(other.cookie, url);
    proxy.takeStatements();
    expect((await portal.listen(other.cookie, url)).status).toBe(403);
    expect(proxy.takeStatements().map(kindOf)).toEqual(["session", "grant", "begin", "audit event", "commit"]);
  });
});
