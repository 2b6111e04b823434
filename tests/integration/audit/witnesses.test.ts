import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { asc, eq, sql } from "drizzle-orm";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { GET } from "@/app/api/health/route";
import { cosignCheckpoint } from "@/lib/audit/attestations/cosign-checkpoint";
import { readIntegrity } from "@/lib/audit/read-integrity";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { proveConsistency } from "@/lib/audit/tree/prove-consistency";
import { readObject } from "@/lib/audit/tree/publish-tree";
import { restoreTiles } from "@/lib/audit/tree/restore-tiles";
import { env } from "@/lib/core/env";
import { database } from "@/lib/db/client";
import { auditCheckpoints, auditCosignatures, jobs } from "@/lib/db/schema";
import { currentWriter, retireWriter } from "@/lib/operation/audit-writer";
import { jobContext } from "@/lib/operation/job-context";
import { enqueueAttestations } from "@/lib/schedule/attestations/enqueue-attestations";
import { configuredStore } from "@/lib/storage/configured-store";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { asAttacker, auditorContext, emptyLog, publish, seal, verify } from "../../support/log-under-test";
import { loadTypescript } from "../../support/load-typescript";
import { waitUntil } from "../../support/wait-until";
import { startWitness } from "../../support/witness-server";

const first = await startWitness("witness.example/w1");
const second = await startWitness("witness.example/w2");
/** Of the same name, with another key. */
const stranger = await startWitness("witness.example/w1");
process.env.AUDIT_WITNESSES = `${first.setting},\n ${second.setting}`;
const [w1, w2] = env().AUDIT_WITNESSES!;

const servers = [first, second, stranger];
const store = () => configuredStore();
const cosign = (witness = w1!) => cosignCheckpoint(witness, { store: store() });
const cosignatures = () => database().select().from(auditCosignatures).orderBy(asc(auditCosignatures.sequence));
const newest = async () =>
  (await database().select().from(auditCheckpoints).orderBy(asc(auditCheckpoints.sequence))).at(-1)!;
const states = async () => (await readIntegrity(auditorContext(), {})).witnesses;
const problems = async () => {
  const response = await GET(new Request("http://127.0.0.1/api/health"), { params: Promise.resolve({}) });
  return ((await response.json()) as { problems?: string[] }).problems ?? [];
};
const keys = async () =>
  (await store().list({ prefix: "tlog/", limit: 1000 })).objects
    .map(({ key }) => key)
    .filter((key) => key.includes("/cosignatures/"))
    .toSorted();
const put = (key: string, text: string) =>
  store().put(key, Buffer.from(text), { contentType: "text/plain", ifNoneMatch: null });

/** Seals some events and publishes their checkpoint, though one of this hour is published. */
beforeEach(async () => {
  await emptyLog();
  for (const server of servers) {
    server.answerWell();
    server.known.clear();
    server.received.length = 0;
    server.clock.skew = 0;
    server.trust("", currentSigningKey().publicKey);
  }
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

describe("a witness", () => {
  it("cosigns each published checkpoint once, with the proof that the log only grew", async () => {
    for (const count of [5, 2, 30]) {
      await publish(count);
      expect(await cosign()).toBeNull();
      expect(await cosign()).toBeNull();
    }
    const { size, note, origin } = await newest();
    expect(first.received.length).toBe(3);
    expect(first.known.get(origin)?.size).toBe(size);
    expect(first.received[2]).toMatch(/^old 9\n(?:[A-Za-z0-9+/]{43}=\n)+\n/);
    const rows = await cosignatures();
    expect(rows.length).toBe(3);
    const published = await keys();
    expect(published.length).toBe(3);
    expect((await readObject(store(), published[2]!)).toString()).toBe(note + rows[2]!.line);
    const report = await verify();
    expect(report).toMatchObject({ verdict: "whole", counts: {} });
    expect(report.witnesses).toMatchObject([
      {
        witness: w1!.name,
        isConfigured: true,
        cosignatures: 3,
        newest: { size, at: rows[2]!.cosignedAt.toISOString() },
      },
      { witness: w2!.name, isConfigured: true, cosignatures: 0, newest: null },
    ]);
    expect(await states()).toMatchObject([
      { name: w1!.name, newest: { sequence: rows[2]!.sequence }, failure: null, isLate: false },
      { name: w2!.name, newest: null, isLate: false },
    ]);
  });

  it("corrects the size that we believe it knows", async () => {
    await publish();
    await cosign();
    await publish();
    // Its answer was lost, as if the process was killed before it kept the cosignature.
    first.answerWith(({ judge }) => {
      judge();
      return null;
    });
    expect(await cosign()).toBe("unreachable");
    expect((await states())[0]).toMatchObject({ failure: "unreachable", isConflict: false });
    first.answerWell();
    await publish();
    expect(await cosign()).toBeNull();
    expect((await cosignatures()).length).toBe(2);
    expect((await states())[0]).toMatchObject({ failure: null, failingSince: null });
    expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
  });

  it("goes on after the process was killed between the witness' memory and ours", async () => {
    await publish();
    let hasJudged = false;
    first.answerWith(({ judge }) => {
      hasJudged = judge().status === 200;
      return new Promise(() => undefined);
    });
    const program = fileURLToPath(new URL("./cosign-once.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", loadTypescript, program], { stdio: "inherit" });
    await waitUntil("the witness cosigned", async () => hasJudged);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await cosignatures()).toEqual([]);
    first.answerWell();
    expect(await cosign()).toBeNull();
    expect((await cosignatures()).length).toBe(1);
    expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
  });

  it("that lost its memory begins anew", async () => {
    await publish();
    await cosign();
    first.known.clear();
    await publish();
    expect(await cosign()).toBeNull();
    expect(first.received.map((body) => body.split("\n")[0])).toEqual(["old 0", "old 5", "old 0"]);
  });

  it("is asked by a job that goes on, also after another witness is down", async () => {
    await publish();
    second.answerWith(() => ({ status: 503 }));
    await enqueueAttestations(jobContext("seal"), {});
    await enqueueAttestations(jobContext("seal"), {});
    await workOff("witness_checkpoint");
    const waiting = await database().select().from(jobs).where(eq(jobs.kind, "witness_checkpoint"));
    expect(waiting.map(({ lastError, deadAt }) => [lastError, deadAt])).toEqual(
      expect.arrayContaining([
        ["http_503", null],
        [null, null],
      ]),
    );
    expect(waiting.length).toBe(2);
    expect((await cosignatures()).map(({ witness }) => witness)).toEqual([first.vkey]);
    second.answerWell();
    await jobsTurnComes();
    await workOff("witness_checkpoint");
    expect((await cosignatures()).length).toBe(2);
    expect(await verify()).toMatchObject({
      verdict: "whole",
      counts: {},
      witnesses: [{ cosignatures: 1 }, { cosignatures: 1 }],
    });
  });

  it("that does not answer delays neither seals nor anchors nor publication", async () => {
    await publish();
    let release = () => undefined as void;
    first.answerWith(({ judge }) => new Promise((resolve) => (release = () => resolve(judge()))));
    const asking = cosign();
    await waitUntil("the witness was asked", async () => first.received.length === 1);
    await publish();
    expect(await verify()).toMatchObject({ verdict: "whole", unsealed: 0, counts: {} });
    expect((await newest()).publishedAt).not.toBeNull();
    release();
    expect(await asking).toBeNull();
  });
});

describe("a wrong answer is kept as none", () => {
  const size = (text: string, type = "text/x.tlog.size") => ({ status: 409, body: text, type });
  const cases: [string, Parameters<typeof first.answerWith>[0], string][] = [
    ["garbage", () => ({ status: 200, body: "thanks\n" }), "witness_answer_invalid"],
    ["nothing", () => ({ status: 200, body: "" }), "witness_answer_invalid"],
    [
      "a changed signature",
      ({ judge }) => ({ status: 200, body: judge().body!.replace(/.{4}==\n$|.{4}=?\n$/, "AAAA\n") }),
      "witness_answer_invalid",
    ],
    [
      "the key of another under the same name",
      async ({ body }) => {
        const answer = await fetch(`${stranger.setting.split(" ")[1]}add-checkpoint`, { method: "POST", body });
        return { status: 200, body: await answer.text() };
      },
      "witness_answer_invalid",
    ],
    ["too much", () => ({ status: 200, body: "x".repeat(100_000) }), "answer_too_large"],
    ["another address", () => ({ status: 307, headers: { location: second.setting.split(" ")[1]! } }), "redirected"],
    ["no size", () => size("many\n"), "witness_answer_invalid"],
    ["a size of no type", () => size("1\n", "text/plain"), "witness_answer_invalid"],
    ["the size that we named", () => size("0\n"), "witness_answer_invalid"],
    ["that it does not know the log", () => ({ status: 404 }), "witness_unknown_log"],
    ["that it does not know the key", () => ({ status: 403 }), "witness_key_refused"],
    ["that it is busy", () => ({ status: 429 }), "http_429"],
  ];
  it.each(cases)("%s", async (_what, answer, failure) => {
    await publish();
    first.answerWith(answer);
    expect(await cosign()).toBe(failure);
    expect(await cosignatures()).toEqual([]);
    expect(await keys()).toEqual([]);
    expect(second.received).toEqual([]);
    const comparesNothing = ["witness_unknown_log", "witness_key_refused"].includes(failure);
    const report = await verify();
    expect([report.verdict, report.counts]).toEqual(
      comparesNothing
        ? ["unchecked", { witness_tree_unknown: 1 }]
        : ["whole", failure.startsWith("witness_") ? { witness_refused: 1 } : {}],
    );
    expect((await problems()).includes("audit_witness_tree_unknown")).toBe(comparesNothing);
    first.answerWell();
    expect(await cosign()).toBeNull();
    expect((await verify()).counts).toEqual({});
    expect(await problems()).not.toContain("audit_witness_tree_unknown");
  });

  it.each([3600, -3600])("a time that is wrong by %d s", async (skew) => {
    await publish();
    first.clock.skew = skew;
    expect(await cosign()).toBe("witness_clock_wrong");
    expect(await cosignatures()).toEqual([]);
  });

  it("is what a witness gives that was told another key or another log", async () => {
    await publish();
    first.trust("", generateKeyPairSync("ed25519").publicKey);
    expect(await cosign()).toBe("witness_key_refused");
    first.trust("another.example/", currentSigningKey().publicKey);
    expect(await cosign()).toBe("witness_unknown_log");
  });
});

describe("an attacker with the database, the store and both keys", () => {
  /** Deletes the log's end with its seals, checkpoints, anchors and what was published of them. */
  async function cutTail(after: number): Promise<void> {
    await asAttacker(async (owner) => {
      await owner`delete from audit_events where transaction_id >=
        (select transaction_to from audit_seals where sequence = ${after})`;
      await owner`delete from audit_seals where sequence > ${after}`;
      await owner`delete from audit_checkpoints where sequence > ${after}`;
      await owner`delete from audit_cosignatures where sequence > ${after}`;
    });
    for (const prefix of ["anchors/", "tlog/", "writers/"])
      for (const { key } of (await store().list({ prefix, limit: 1000 })).objects) await store().deleteAllVersions(key);
    await asAttacker(async (owner) => {
      await owner`update audit_checkpoints set published_at = null`;
      await owner`update audit_cosignatures set published_at = null`;
      await owner`update audit_seals set anchored_at = null`;
    });
    await seal();
  }

  it("cannot have a witness cosign a log whose end was cut off", async () => {
    await publish();
    await cosign();
    await publish(20);
    await cosign();
    await cutTail(1);
    expect(await verify()).toMatchObject({ verdict: "whole" });
    await publish();
    expect(await cosign()).toBe("witness_conflict");
    expect(await problems()).toContain("audit_witness_conflict");
    expect((await states())[0]).toMatchObject({ isConflict: true, knownSize: 25 });
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { witness_conflict: 1 } });
    // Nor once it grew beyond what the witness knows.
    await publish(40);
    expect(await cosign()).toBe("witness_proof_refused");
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { witness_conflict: 1 } });
  });

  it("cannot hide a conflict by a witness that is not reached, or says less, afterwards", async () => {
    await publish();
    await cosign();
    await publish(20);
    await cosign();
    await cutTail(1);
    await publish();
    expect(await cosign()).toBe("witness_conflict");
    for (const answer of [null, { status: 503 }, { status: 404 }, { status: 200, body: "nonsense" }]) {
      first.answerWith(() => answer);
      expect(await cosign()).not.toBe("witness_conflict");
      expect((await states())[0]).toMatchObject({ failure: "witness_conflict", isConflict: true, knownSize: 25 });
      expect(await verify()).toMatchObject({ verdict: "broken", counts: { witness_conflict: 1 } });
    }
    // What it knows is its own; when it cosigns again, it no longer contradicts.
    first.known.clear();
    first.answerWell();
    await cosign();
    expect((await states())[0]).toMatchObject({ failure: null, isConflict: false });
  });

  it("cannot hide that a witness does not know the tree by one that is not reached", async () => {
    await publish();
    for (const [answer, failure] of [
      [{ status: 404 }, "witness_unknown_log"],
      [null, "witness_unknown_log"],
      [{ status: 403 }, "witness_key_refused"],
      [{ status: 500 }, "witness_key_refused"],
    ] as const) {
      first.answerWith(() => answer);
      await cosign();
      expect((await states())[0]).toMatchObject({ failure, isUnknown: true });
    }
  });

  it("cannot have it cosign another tree of the same size", async () => {
    await publish();
    await cosign();
    const { origin, size } = await newest();
    await asAttacker((owner) => owner`delete from audit_cosignatures`);
    first.known.set(origin, { size, root: Buffer.alloc(32, 1).toString("base64") });
    expect(await cosign()).toBe("witness_conflict");
  });

  it("cannot begin a tree of another name without a word of the witness, who knows the tree before", async () => {
    await publish();
    await cosign();
    await publish(20);
    await cosign();
    const { origin, size, root } = await newest();
    first.trust(origin, currentSigningKey().publicKey);
    const older = { from: size, origin };
    expect((await proveConsistency(auditorContext(), older)).older).toContain(
      `\n${size}\n${root.toString("base64")}\n`,
    );
    await asAttacker((owner) => owner`truncate audit_checkpoints, audit_cosignatures`);
    await cutTail(1);
    // The portal is started again: no process misses numbers.
    retireWriter(currentWriter());
    await publish();
    expect((await newest()).origin).toBe(origin.replace(/1$/, "2"));
    expect(await cosign()).toBe("witness_unknown_log");
    const { verdict, counts } = await verify();
    expect([verdict, counts]).toEqual(["unchecked", { witness_tree_unknown: 1 }]);
    expect(await problems()).toContain("audit_witness_tree_unknown");
    expect((await states())[0]).toMatchObject({ isUnknown: true, isConflict: false, isLate: false });
    // What the witness keeps of the tree before is not in the log any more.
    expect(first.known.get(origin)).toEqual({ size, root: root.toString("base64") });
    await expect(proveConsistency(auditorContext(), older)).rejects.toMatchObject({ code: "not_found" });
    const kept = { sequence: 900, firstSeal: 1, origin, size, root, frontier: root, note: "x" };
    await database().insert(auditCheckpoints).values(kept);
    await expect(proveConsistency(auditorContext(), older)).rejects.toMatchObject({ code: "not_found" });
  });

  it("leaves what a witness cosigned in the store", async () => {
    await publish();
    await publish(9);
    await cosign();
    const [key] = await keys();
    const text = (await readObject(store(), key!)).toString();
    await cutTail(1);
    await put(key!, text);
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken", counts: { tail_cut_off: 1 } });
    expect(report.findings[0]?.detail).toMatch(/w1 cosigned a tree of 14 leaves at \d{4}-/);
    // Another log under the same number.
    await publish(9);
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { log_rewritten: 1 } });
  });
});

describe("verification", () => {
  const change = (statement: string) => asAttacker((owner) => owner.unsafe(statement));

  it.each([
    ["the time", "update audit_cosignatures set cosigned_at = cosigned_at + interval '1 second'"],
    ["the line", "update audit_cosignatures set line = replace(line, 'w1', 'w3')"],
    ["the key", `update audit_cosignatures set witness = '${second.vkey}'`],
    ["the checkpoint", "update audit_checkpoints set note = replace(note, E'\\n5\\n', E'\\n6\\n')"],
    ["the seal's time", "update audit_seals set sealed_at = sealed_at + interval '1 hour'"],
  ])("tells that %s was changed", async (_what, statement) => {
    await publish();
    await cosign();
    expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
    await change(statement);
    const report = await verify();
    expect(report.verdict).toBe("broken");
    expect(Object.keys(report.counts)).toContain("cosignature_invalid");
    expect((await verify({ store: null })).counts).toHaveProperty("cosignature_invalid");
  });

  it("compares database and store both ways", async () => {
    await publish();
    await cosign();
    const [key] = await keys();
    const text = (await readObject(store(), key!)).toString();
    await put(key!, text.replace(/.{6}\n$/, "AAAAA=\n"));
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { cosignature_invalid: 1 } });
    await put(key!, "x");
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { cosignature_invalid: 1 } });
    await store().deleteAllVersions(key!);
    await change("update audit_cosignatures set published_at = published_at - interval '1 day'");
    expect(await verify()).toMatchObject({ verdict: "whole", counts: { cosignature_missing: 1 } });
    expect(await restoreTiles(store(), database())).toEqual([key]);
    expect((await readObject(store(), key!)).toString()).toBe(text);
    expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
    await change("delete from audit_cosignatures");
    expect(await verify()).toMatchObject({ verdict: "whole", counts: { cosignature_missing: 1 } });
  });

  it("is not made whole by writing what is missing where something else lies", async () => {
    await publish();
    await cosign();
    const [key] = await keys();
    await put(key!, "x");
    expect(await restoreTiles(store(), database())).toEqual([]);
    expect((await readObject(store(), key!)).toString()).toBe("x");
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { cosignature_invalid: 1 } });
  });

  it("says that a witness proves nothing which is not configured", async () => {
    await publish();
    await cosign();
    expect((await verify({ witnesses: [w2!] })).witnesses).toMatchObject([
      { witness: w2!.name, isConfigured: true, cosignatures: 0 },
      { witness: w1!.name, isConfigured: false, cosignatures: 1 },
    ]);
  });

  it("warns of a witness that has not cosigned for a day, not of one that had nothing to cosign", async () => {
    await publish();
    await cosign();
    const aDayAgo = sql`now() - interval '25 hours'`;
    await change("update audit_checkpoints set published_at = published_at - interval '25 hours'");
    await database().execute(sql`update audit_attestors set since = ${aDayAgo}`);
    expect(await verify({ witnesses: [w1!] })).toMatchObject({ verdict: "whole", counts: {} });
    await publish();
    expect(await verify({ witnesses: [w1!] })).toMatchObject({ counts: {} });
    await change("update audit_checkpoints set published_at = published_at - interval '25 hours'");
    expect(await verify({ witnesses: [w1!] })).toMatchObject({ verdict: "whole", counts: { witness_late: 1 } });
    expect(await problems()).toContain("audit_witness_late");
    // One that was configured a moment ago is not late.
    first.answerWith(() => ({ status: 503 }));
    await cosign();
    await database().execute(sql`update audit_attestors set since = now()`);
    expect((await states())[0]).toMatchObject({ isLate: false, failure: "http_503" });
  });
});

it("is kept for ever: neither the portal nor the owner changes or removes a cosignature", async () => {
  await publish();
  await cosign();
  const refused = { cause: { code: "42501" } };
  await expect(database().update(auditCosignatures).set({ line: "x" })).rejects.toMatchObject(refused);
  await expect(database().delete(auditCosignatures)).rejects.toMatchObject(refused);
  expect((await cosignatures()).length).toBe(1);
});
