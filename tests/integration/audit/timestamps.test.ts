import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { asc, eq, sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { GET } from "@/app/api/health/route";
import { readNewestTimestamp } from "@/lib/audit/attestations/read-newest-timestamp";
import { stampCheckpoint } from "@/lib/audit/attestations/stamp-checkpoint";
import { readTimeStamp } from "@/lib/audit/attestations/time-stamp";
import { configuredTimeStamps } from "@/lib/audit/attestations/time-stamp-state";
import { readIntegrity } from "@/lib/audit/read-integrity";
import { readObject } from "@/lib/audit/tree/publish-tree";
import { restoreTiles } from "@/lib/audit/tree/restore-tiles";
import { database } from "@/lib/db/client";
import { auditTimestamps, jobs } from "@/lib/db/schema";
import { jobContext } from "@/lib/operation/job-context";
import { enqueueAttestations } from "@/lib/schedule/attestations/enqueue-attestations";
import { configuredStore } from "@/lib/storage/configured-store";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { asAttacker, auditorContext, emptyLog, publish, verify } from "../../support/log-under-test";
import { ran } from "../../support/pdf-programs";
import { runCommand } from "../../support/run-command";
import { startTimestampAuthority } from "../../support/timestamp-authority";

const authority = await startTimestampAuthority();
const stranger = await startTimestampAuthority();
process.env.AUDIT_TIMESTAMP_URL = authority.url;
process.env.AUDIT_TIMESTAMP_CA = authority.ca;
const folder = await mkdtemp(path.join(tmpdir(), "custodia-stamps-"));

const settings = configuredTimeStamps()!;
const store = () => configuredStore();
const stamp = (options: object = {}) => stampCheckpoint({ store: store(), ...options });
const rows = () => database().select().from(auditTimestamps).orderBy(asc(auditTimestamps.sequence));
const keys = async () =>
  (await store().list({ prefix: "tlog/", limit: 1000 })).objects
    .map(({ key }) => key)
    .filter((key) => key.includes("/timestamps/"))
    .toSorted();
const put = (key: string, bytes: Buffer) => store().put(key, bytes, { contentType: "x/y", ifNoneMatch: null });
const change = (statement: string) => asAttacker((owner) => owner.unsafe(statement));
const aDayPasses = () => change("update audit_timestamps set stamped_at = stamped_at - interval '24 hours'");

/** Seals some events and publishes their checkpoint, though one of this hour is published. */
beforeEach(async () => {
  await emptyLog();
  for (const each of [authority, stranger]) {
    each.answerWell();
    each.received.length = 0;
  }
});
afterAll(async () => {
  await Promise.all([authority, stranger].map((each) => each.close()));
  await rm(folder, { recursive: true, force: true });
});

/** What openssl says of a time stamp and the file it is of. */
async function opensslVerify(response: Buffer, text: string, ca = authority.ca) {
  const [tsr, data] = [path.join(folder, "x.tsr"), path.join(folder, "x.checkpoint")];
  await writeFile(tsr, response);
  await writeFile(data, text);
  return ran("openssl", ["ts", "-verify", "-in", tsr, "-data", data, "-CAfile", ca]);
}

describe("the authority", () => {
  it("stamps the newest published checkpoint once a day; openssl verifies it", async () => {
    await publish();
    expect(await stamp()).toMatchObject({ sequence: 1, failure: null });
    await publish();
    expect(await stamp()).toEqual({ sequence: null, failure: null });
    expect(authority.received.length).toBe(1);
    const { response, note } = await readNewestTimestamp(auditorContext(), {});
    expect(await opensslVerify(response, note)).toMatchObject({ code: 0 });
    expect(await opensslVerify(response, `${note}x`)).not.toMatchObject({ code: 0 });
    expect(await opensslVerify(response, note, stranger.ca)).not.toMatchObject({ code: 0 });
    const [key] = await keys();
    expect(key).toMatch(/\/timestamps\/000000000001\.tsr$/);
    const published = await readObject(store(), key!.replace("timestamps", "checkpoints").replace(".tsr", ""));
    expect(await opensslVerify(await readObject(store(), key!), published.toString())).toMatchObject({ code: 0 });
    const report = await verify();
    expect(report).toMatchObject({ verdict: "whole", counts: {}, timestamps: { count: 1, isTrusted: true } });
    expect((await readIntegrity(auditorContext(), {})).timestamps).toMatchObject({
      newest: { sequence: 1 },
      failure: null,
      isLate: false,
    });
  });

  it("is asked again the next day, and at once by a command; not for a checkpoint that has a time stamp", async () => {
    await publish();
    await stamp();
    expect(await stamp({ atOnce: true })).toEqual({ sequence: null, failure: null });
    await publish();
    expect(await stamp({ atOnce: true })).toMatchObject({ sequence: 2 });
    await publish();
    await aDayPasses();
    expect(await stamp()).toMatchObject({ sequence: 3 });
    expect((await keys()).length).toBe(3);
  });

  it("gets name and password, if they are set", async () => {
    await publish();
    await stamp({ settings: { ...settings, user: "act", password: "s3nha:ção" } });
    expect(authority.received[0]?.authorization).toBe(`Basic ${Buffer.from("act:s3nha:ção").toString("base64")}`);
    await publish();
    await stamp({ atOnce: true });
    expect(authority.received[1]?.authorization).toBeUndefined();
  });

  it("is asked by a job that goes on after a failure", async () => {
    await publish();
    authority.answerWith(() => ({ status: 401, body: Buffer.alloc(0) }));
    await enqueueAttestations(jobContext("seal"), {});
    await workOff("audit_timestamp");
    const waiting = () => database().select().from(jobs).where(eq(jobs.kind, "audit_timestamp"));
    expect(await waiting()).toMatchObject([{ lastError: "http_401", deadAt: null }]);
    expect((await readIntegrity(auditorContext(), {})).timestamps).toMatchObject({
      failure: "http_401",
      isLate: false,
    });
    authority.answerWell();
    await jobsTurnComes();
    await workOff("audit_timestamp");
    expect((await rows()).length).toBe(1);
    expect(await waiting()).toMatchObject([{ lastError: null }]);
  });

  it("may be asked again after a crash before or after its answer was kept", async () => {
    await publish();
    // The answer is lost; then the process dies before it writes to the store.
    authority.answerWith(async ({ stamp: make }) => (await make()) && null);
    expect(await stamp()).toMatchObject({ failure: "unreachable" });
    authority.answerWell();
    const broken = new Proxy(store(), {
      get: (target, name) => {
        if (name === "put") return () => Promise.reject(new Error("killed"));
        const value = Reflect.get(target, name) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await expect(stamp({ store: broken })).rejects.toThrow("killed");
    expect(await keys()).toEqual([]);
    expect(await stamp()).toEqual({ sequence: null, failure: null });
    expect((await keys()).length).toBe(1);
    expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
  });
});

describe("an answer that is kept as none", () => {
  const body = Buffer.from("thanks");
  const cases: [string, Parameters<typeof authority.answerWith>[0], string][] = [
    ["garbage", () => ({ status: 200, body }), "tsa_answer_invalid"],
    ["too much", () => ({ status: 200, body: Buffer.alloc(100_000) }), "answer_too_large"],
    ["an error", () => ({ status: 503, body }), "http_503"],
    [
      "a refusal",
      // Another digest than the authority takes: SHA-1.
      async ({ stamp: make, query }) => {
        const sha1 = Buffer.from("300906052b0e03021a05000414", "hex");
        const at = query.indexOf(Buffer.from("300d0609608648016503040201", "hex"));
        const imprint = Buffer.concat([sha1, query.subarray(at + 17, at + 37)]);
        const rest = query.subarray(at + 49);
        const inner = Buffer.concat([Buffer.from("020101", "hex"), Buffer.of(0x30, imprint.length), imprint, rest]);
        return { status: 200, body: await make(Buffer.concat([Buffer.of(0x30, inner.length), inner])) };
      },
      "tsa_refused",
    ],
    [
      "a stamp of other content",
      async ({ stamp: make, query }) => {
        const other = Buffer.from(query);
        other[30] = other[30]! ^ 1;
        return { status: 200, body: await make(other) };
      },
      "tsa_answer_invalid",
    ],
    [
      "a stamp with another nonce, as one that was used before",
      async ({ stamp: make, query }) => {
        const other = Buffer.from(query);
        other[other.length - 5] = other[other.length - 5]! ^ 1;
        return { status: 200, body: await make(other) };
      },
      "tsa_answer_invalid",
    ],
    [
      "a changed signature",
      async ({ stamp: make }) => {
        const changed = await make();
        changed[changed.length - 9] = changed[changed.length - 9]! ^ 1;
        return { status: 200, body: changed };
      },
      "tsa_signature_invalid",
    ],
  ];
  it.each(cases)("%s", async (_what, answer, failure) => {
    await publish();
    authority.answerWith(answer);
    expect(await stamp()).toEqual({ sequence: null, failure });
    expect([await rows(), await keys()]).toEqual([[], []]);
    expect((await verify()).counts).toEqual({});
    authority.answerWell();
    expect(await stamp()).toMatchObject({ sequence: 1, failure: null });
  });

  const hour = 3_600_000;
  it.each([
    ["an hour ago", -hour],
    ["in an hour", hour],
    ["in 200 days", 200 * 24 * hour],
  ])("a stamp of %s", async (_when, skew) => {
    await publish();
    authority.answerWith(async ({ stampAt }) => ({ status: 200, body: await stampAt(new Date(Date.now() + skew)) }));
    // Its certificate is of today: an authority that is not configured is not asked whether it was valid then.
    const lenient = { ...settings, ca: undefined };
    expect(await stamp({ settings: lenient })).toEqual({ sequence: null, failure: "tsa_clock_wrong" });
    expect([await rows(), await keys()]).toEqual([[], []]);
    expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
    authority.answerWell();
    expect(await stamp()).toMatchObject({ sequence: 1, failure: null });
  });

  it.each([-5, 5])("but not one of a clock that is wrong by %d minutes", async (minutes) => {
    await publish();
    const at = new Date(Date.now() + minutes * 60_000);
    authority.answerWith(async ({ stampAt }) => ({ status: 200, body: await stampAt(at) }));
    expect(await stamp({ settings: { ...settings, ca: undefined } })).toMatchObject({ sequence: 1, failure: null });
    expect(await verify({ timeStamps: null })).toMatchObject({ verdict: "whole", counts: {} });
    await publish();
    expect(await stamp()).toEqual({ sequence: null, failure: null });
  });

  it("a stamp of an authority that is not the configured one, or not for time stamps alone", async () => {
    await publish();
    expect(await stamp({ settings: { ...settings, url: stranger.url } })).toMatchObject({ failure: "tsa_untrusted" });
    // A company's own certificate leads to the same authority.
    authority.answerWith(async ({ forge }) => ({ status: 200, body: await forge() }));
    expect(await stamp()).toMatchObject({ failure: "tsa_signature_invalid" });
    authority.answerWell();
    expect(await stamp({ settings: { ...settings, ca: "/nowhere/ca.pem" } })).toMatchObject({
      failure: "tsa_ca_unreadable",
    });
    expect(await stamp({ settings: null })).toMatchObject({ failure: "not_configured" });
    expect(await rows()).toEqual([]);
    const pem = await readFile(authority.ca, "utf8");
    expect(await stamp({ settings: { ...settings, ca: pem } })).toMatchObject({ sequence: 1 });
  });
});

describe("verification", () => {
  it.each([
    ["the time", "update audit_timestamps set stamped_at = stamped_at + interval '1 second'"],
    ["the answer", "update audit_timestamps set response = set_byte(response, length(response) - 9, 7)"],
    ["the checkpoint", "update audit_checkpoints set note = replace(note, E'\\n5\\n', E'\\n6\\n')"],
    ["the seal's time", "update audit_seals set sealed_at = sealed_at + interval '1 hour'"],
  ])("tells that %s was changed", async (_what, statement) => {
    await publish();
    await stamp();
    await change(statement);
    for (const report of [await verify(), await verify({ store: null })]) {
      expect(report.verdict).toBe("broken");
      expect(Object.keys(report.counts)).toContain("timestamp_invalid");
    }
  });

  it("tells that a time stamp is of the future, which keeps nobody from asking for the next", async () => {
    await publish();
    let future: Buffer = Buffer.alloc(0);
    authority.answerWith(async ({ stamp: make, stampAt }) => {
      future = await stampAt(new Date(Date.now() + 200 * 24 * 3_600_000));
      return { status: 200, body: await make() };
    });
    await stamp();
    const { at } = (await readTimeStamp(future, (await readNewestTimestamp(auditorContext(), {})).note, null)) as {
      at: Date;
    };
    const hex = future.toString("hex");
    await change(`update audit_timestamps set response = decode('${hex}', 'hex'), stamped_at = '${at.toISOString()}'`);
    const report = await verify({ store: null });
    expect(report).toMatchObject({ verdict: "broken" });
    expect(report.counts).toMatchObject({ timestamp_invalid: 1 });
    expect(report.findings.map(({ detail }) => detail).join()).toContain("which is in the future");
    authority.answerWell();
    await publish();
    expect(await stamp()).toMatchObject({ sequence: 2 });
  });

  it("compares database and store both ways", async () => {
    await publish();
    await stamp();
    const [key] = await keys();
    const bytes = await readObject(store(), key!);
    await put(key!, Buffer.from("x"));
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { timestamp_invalid: 1 } });
    await store().deleteAllVersions(key!);
    await change("update audit_timestamps set published_at = published_at - interval '1 day'");
    expect(await verify()).toMatchObject({ verdict: "whole", counts: { timestamp_missing: 1 } });
    expect(await restoreTiles(store(), database())).toEqual([key]);
    expect(await readObject(store(), key!)).toEqual(bytes);
    expect(await restoreTiles(store(), database())).toEqual([]);
    expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
    await change("delete from audit_timestamps");
    expect(await verify()).toMatchObject({ verdict: "whole", counts: { timestamp_missing: 1 } });
  });

  it("cannot check a time stamp whose authority is not configured; without any, it checks the imprint", async () => {
    await publish();
    await stamp();
    const other = { ...settings, ca: stranger.ca };
    expect(await verify({ timeStamps: other })).toMatchObject({
      verdict: "unchecked",
      counts: { timestamp_untrusted: 1 },
    });
    expect(await verify({ timeStamps: { ...settings, ca: "/nowhere" } })).toMatchObject({ verdict: "unchecked" });
    expect(await verify({ timeStamps: null })).toMatchObject({
      verdict: "whole",
      timestamps: { count: 1, isTrusted: false },
    });
  });

  it("warns when the last time stamp is two days old, and not of a log without a newer checkpoint", async () => {
    await publish();
    await stamp();
    const longAgo = "published_at = published_at - interval '49 hours'";
    await change(`update audit_checkpoints set ${longAgo}`);
    await database().execute(sql`update audit_attestors set since = now() - interval '49 hours'`);
    expect((await verify()).counts).toEqual({});
    await publish();
    expect((await verify()).counts).toEqual({});
    await change(`update audit_checkpoints set ${longAgo} where sequence = 2`);
    expect(await verify()).toMatchObject({ verdict: "whole", counts: { timestamp_late: 1 } });
    const health = await GET(new Request("http://127.0.0.1/api/health"), { params: Promise.resolve({}) });
    expect(await health.json()).toMatchObject({
      problems: expect.arrayContaining(["audit_timestamp_late"]) as string[],
    });
    expect((await verify({ timeStamps: null })).counts).toEqual({});
  });
});

it("is kept for ever: neither the portal nor the owner changes or removes a time stamp", async () => {
  await publish();
  await stamp();
  const refused = { cause: { code: "42501" } };
  await expect(
    database()
      .update(auditTimestamps)
      .set({ response: Buffer.of(1) }),
  ).rejects.toMatchObject(refused);
  await expect(database().delete(auditTimestamps)).rejects.toMatchObject(refused);
});

it("is written by commands for the auditor, with the command that verifies it", async () => {
  const audit = (...args: string[]) => runCommand("scripts/audit.ts", args);
  const out = path.join(folder, "auditor");
  expect(await audit("timestamps", "--out", out)).toMatchObject({ code: 2 });
  await publish();
  expect(await audit("timestamp")).toMatchObject({ code: 0, stdout: "Stamped: seal 1.\n" });
  const written = await audit("timestamps", "--out", out);
  expect(written).toMatchObject({ code: 0 });
  const [, line] = /^(openssl ts .*) <authority>\.pem$/m.exec(written.stdout) ?? [];
  expect(await ran("openssl", [...line!.split(" ").slice(1), authority.ca])).toMatchObject({ code: 0 });
  expect((await audit("verify")).stdout).toContain("1 time stamps, from seal 1");
});
