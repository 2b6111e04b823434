import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { extractText } from "unpdf";
import { beforeAll, describe, expect, it } from "vitest";
import { signCanonical, currentSigningKey } from "@/lib/audit/signing-keys";
import { readDeletionOrder } from "@/lib/deletion/orders/read-deletion-order";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { issueRunReceipt } from "@/lib/receipts/issue-run-receipt";
import { receiptLine } from "@/lib/receipts/signed-receipt";
import type { Receipt, RecordingReceipt, SignedReceipt, SummaryReceipt } from "@/lib/receipts/receipt-schema";
import { printReceiptReport } from "@/scripts/print-receipt-report";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { call } from "../../support/portal";
import { serviceAccount, signedInAs } from "../../support/people";
import { admin, daysAgo, job, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";
import { contextOf, eventsOf, expectRefusal, person } from "../../support/actors";
import { check, clean, receiptFile, retain, sealAll } from "../../support/deletions";
import { seedCount } from "../../support/seeds";

let policyId: string;
let recordingId: string;
let runId: string;
let orderId: string;
let cleanedId: string;
let ordered: Awaited<ReturnType<typeof person>>;
const others: string[] = [];

const parse = (line: string) => JSON.parse(line) as SignedReceipt;
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1)!;
let adminHeaders: Promise<Record<string, string>> | undefined;
const asAdmin = () => (adminHeaders ??= signedInAs("admin").then(({ headers }) => headers));

async function download(path: string): Promise<string> {
  const answer = await call("GET", path, { headers: await asAdmin() });
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer.text();
}

beforeAll(async () => {
  policyId = await policy(90);
  const [place, cleaned] = [await unitWithQueue(), await unitWithQueue()];
  for (let index = 0; index < 3; index += 1)
    others.push((await storedRecording({ ...place, startedAt: daysAgo(200) })).id);
  recordingId = others[0]!;
  ({ runId } = await retain());
  for (let index = 0; index < 2; index += 1)
    cleanedId = (await storedRecording({ ...cleaned, startedAt: daysAgo(5) })).id;
  ordered = await person("admin");
  const context = { ...contextOf(ordered.actor), ipAddress: "192.0.2.7" };
  orderId = await clean(cleaned.unitId, 2, context);
  expect(await readDeletionOrder(job(), { orderId })).toMatchObject({ state: "finished", deleted: 2 });
  await sealAll();
});

describe("a certificate of deletion", () => {
  it("does not exist for a run that deleted nothing", async () => {
    await storedRecording({ ...(await unitWithQueue()), startedAt: daysAgo(5) });
    const idle = await retain();
    await sealAll();
    expect(idle.deleted).toBe(0);
    const context = admin();
    await expectRefusal(issueRunReceipt(context, { runId: idle.runId }), "nothing_deleted");
    expect(await eventsOf(context)).toEqual([]);
    const answer = await call("GET", `/api/receipts/runs/${idle.runId}`, { headers: await asAdmin() });
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: "nothing_deleted" }]);
  });

  it("states no provision that nobody chose", async () => {
    const file = lastLine(await download(`/api/receipts/deletion-orders/${orderId}`));
    expect(parse(file).receipt).toMatchObject({ order: { reason: "deletion_order", legalGrounds: [] } });
  });
});

describe("the receipt of a recording", () => {
  it("states what was deleted, where, why and by which rule, what remains, and the evidence", async () => {
    const { receipt } = parse(await receiptFile(recordingId)) as { receipt: RecordingReceipt };
    const { deletionProof, deletedAt, sha256 } = await row(recordingId);
    expect(receipt).toMatchObject({
      ...{ type: "custodia.deletion-receipt.v1", scope: "recording", controller: env().CONTROLLER_NAME },
      recording: { id: recordingId, sha256: sha256!.toString("hex"), sizeBytes: 64 },
      deletion: {
        reason: "retention_expired",
        policy: { id: policyId, version: 1, legalBasis: "art7_ii", source: "Decreto 11.034/2022, art. 12" },
        orderId: null,
        runId,
        askedBy: { type: "job", id: "retention", role: null },
        approvedBy: null,
        replayed: false,
      },
      stores: [{ ...deletionProof![0], kind: "disk", versionsDeleted: 2 }],
      method: { standard: "NIST SP 800-88 Rev. 2", cryptographicErase: null },
    });
    expect(Math.abs(new Date(receipt.deletion.finishedAt).getTime() - deletedAt!.getTime())).toBeLessThan(60_000);
    expect(receipt.number).toMatch(/^G-\d{8}-[0-9A-F]{12}$/);
    expect(receipt.evidence.map(({ step, event }) => [step, event !== null]).toSorted()).toEqual([
      ["deleted", true],
      ["marked", true],
    ]);
    const until = receipt.remains.find(({ what }) => what === "database_backups")!.until!;
    expect(new Date(until).getTime() - new Date(receipt.deletion.finishedAt).getTime()).toBe(35 * 86_400_000);
  });

  it("verifies, is identical at each issue, and each issue writes an event", async () => {
    const [first, second] = [admin(), job()];
    const text = await receiptFile(recordingId, first);
    expect(await receiptFile(recordingId, second)).toBe(text);
    const report = await check(text);
    expect(report).toMatchObject({ holds: true, problems: [] });
    expect(printReceiptReport(report)).toContain("VALID: receipt G-");
    const { number } = parse(text).receipt;
    for (const context of [first, second])
      expect(await eventsOf(context)).toMatchObject([
        {
          action: "receipt.issued",
          targetType: "recording",
          targetId: recordingId,
          details: { scope: "recording", number, format: "json" },
        },
      ]);
  });

  it("of a deletion order names the person by id and role, without their IP address and words", async () => {
    const text = await receiptFile(cleanedId);
    expect(parse(text).receipt).toMatchObject({
      deletion: { reason: "deletion_order", orderId, askedBy: { type: "user", id: ordered.userId, role: "admin" } },
    });
    expect(await check(text)).toMatchObject({ holds: true });
    for (const secret of ["192.0.2.7", "Maria", ordered.email, "5511987654321"]) expect(text).not.toContain(secret);
    expect(printReceiptReport(await check(text))).toContain("1 of them by digest only");
  });

  it("does not exist before everything is deleted and sealed", async () => {
    const place = await unitWithQueue();
    const stored = await storedRecording({ ...place, startedAt: daysAgo(1) });
    await expectRefusal(issueRecordingReceipt(admin(), { recordingId: stored.id }), "deletion_unfinished");
    await expectRefusal(issueRecordingReceipt(admin(), { recordingId: newId() }), "not_found");
    const order = await clean(place.unitId, 1);
    await expectRefusal(issueRecordingReceipt(admin(), { recordingId: stored.id }), "not_sealed_yet");
    await expectRefusal(issueOrderReceipt(admin(), { orderId: order }), "not_sealed_yet");
    const waiting = await call("GET", `/api/receipts/recordings/${stored.id}`, { headers: await asAdmin() });
    expect([waiting.status, waiting.headers.get("retry-after")]).toEqual([503, "60"]);
    const { runId: running } = await startRetentionRun(job(), {});
    await sealAll();
    await expectRefusal(issueRunReceipt(admin(), { runId: running }), "deletion_unfinished");
    expect(await check(await receiptFile(stored.id))).toMatchObject({ holds: true });
  });
});

describe("the receipt of a run or an order", () => {
  it("of a run lists each recording with its event under a seal", async () => {
    const text = await download(`/api/receipts/runs/${runId}`);
    const receipt = parse(lastLine(text)).receipt as SummaryReceipt;
    expect(receipt).toMatchObject({
      scope: "run",
      run: { id: runId, state: "finished", deleted: 3 },
      totals: { recordings: 3, versionsDeleted: 6, stores: ["disk"] },
      list: { events: 3 },
    });
    for (const id of others) expect(text).toContain(id);
    expect(await check(text)).toMatchObject({ holds: true, listed: 3, problems: [] });
  });

  it("of a deletion order lists them likewise, with who ordered it", async () => {
    const text = await download(`/api/receipts/deletion-orders/${orderId}`);
    expect(parse(lastLine(text)).receipt).toMatchObject({
      scope: "order",
      order: {
        id: orderId,
        reason: "deletion_order",
        expected: 2,
        marked: 2,
        askedBy: { id: ordered.userId, role: "admin" },
        approvedBy: null,
      },
    });
    expect(await check(text)).toMatchObject({ holds: true, listed: 2 });
    expect(text).not.toContain("Maria");
  });
});

/** Signs a forgery with the portal's own key, which only the evidence can reveal. */
function forged(text: string, change: (receipt: Receipt) => void): string {
  const { receipt } = parse(text);
  change(receipt);
  return receiptLine({ receipt, signature: signCanonical(receipt, currentSigningKey().privateKey) });
}

describe("a receipt that was tampered with", () => {
  it("fails verification for any changed byte and any cut", async () => {
    for (const text of [await receiptFile(recordingId), await download(`/api/receipts/runs/${runId}`)]) {
      await fc.assert(
        fc.asyncProperty(fc.nat(text.length - 2), fc.integer({ min: 33, max: 126 }), async (place, code) => {
          const character = String.fromCharCode(code);
          if (text[place] === character) return;
          expect((await check(text.slice(0, place) + character + text.slice(place + 1))).holds).toBe(false);
          expect((await check(text.slice(0, place))).holds).toBe(false);
        }),
        { numRuns: seedCount(60) },
      );
    }
  });

  it("fails with another key, with more data after it, or with exchanged lines", async () => {
    const text = await receiptFile(recordingId);
    const { publicKey } = generateKeyPairSync("ed25519");
    expect(await check(text, { get: () => publicKey })).toMatchObject({ holds: false });
    expect(await check(text, { get: () => undefined })).toMatchObject({ holds: false });
    expect(await check(text + text)).toMatchObject({ holds: false });
    expect(await check("")).toMatchObject({ holds: false, signed: null });
    const lines = (await download(`/api/receipts/runs/${runId}`)).trimEnd().split("\n");
    expect(
      (await check(`${lines.toSpliced(1, 2, lines[2]!, lines[1]!).join("\n")}\n`)).problems.map(
        (problem) => problem.check,
      ),
    ).toContain("list");
    expect((await check(`${lines.toSpliced(1, 1).join("\n")}\n`)).holds).toBe(false);
  });

  const lies: [string, string, (receipt: RecordingReceipt) => void][] = [
    ["another count of versions", "statement", ({ stores }) => void (stores[0]!.versionsDeleted += 1)],
    [
      "a store that was not asked",
      "statement",
      ({ stores }) => void stores.push({ ...stores[0]!, store: "second-site", kind: "copy" }),
    ],
    ["another time", "statement", ({ deletion }) => void (deletion.finishedAt = "2026-01-01T00:00:00.000Z")],
    ["another reason", "statement", ({ deletion }) => void (deletion.reason = "erasure")],
    ["another policy", "statement", ({ deletion }) => void (deletion.policy!.id = newId())],
    ["another recording", "statement", ({ recording }) => void (recording.id = others[1]!)],
    ["somebody else who asked", "statement", ({ deletion }) => void (deletion.askedBy.id = "dpo")],
    [
      "somebody who approved",
      "statement",
      ({ deletion }) => void (deletion.approvedBy = { type: "user", id: newId(), role: "dpo" }),
    ],
    [
      "keys that were never destroyed",
      "statement",
      ({ method, deletion }) =>
        void (method.cryptographicErase = { dataKeysDestroyed: 1, recordings: 1, completeAt: deletion.finishedAt }),
    ],
    ["an invented number", "statement", (receipt) => void (receipt.number = "G-20260101-0123456789AB")],
    ["no evidence", "statement", (receipt) => void (receipt.evidence = [])],
    ["a path that leads elsewhere", "events", ({ evidence }) => void (evidence[0]!.path = [])],
    ["another place in the seal", "events", ({ evidence }) => void (evidence[0]!.index += 1)],
    [
      "an event that was edited",
      "events",
      ({ evidence }) => void Object.assign(evidence[0]!.event!, { epoch: "other" }),
    ],
    ["a seal that was edited", "seals", ({ seals }) => void (seals[0]!.seal.eventCount += 1)],
    ["a seal that is missing", "events", (receipt) => void (receipt.seals = [])],
  ];
  it.each(lies)("fails with %s, even when signed with the portal's own key", async (_what, where, change) => {
    const report = await check(forged(await receiptFile(recordingId), change as (receipt: Receipt) => void));
    expect(report.holds).toBe(false);
    expect(report.problems.map((problem) => problem.check)).toContain(where);
  });

  it("fails with the events of another recording", async () => {
    const stranger = parse(await receiptFile(others[1]!)).receipt;
    const report = await check(
      forged(await receiptFile(recordingId), (receipt) =>
        Object.assign(receipt, { evidence: stranger.evidence, seals: stranger.seals }),
      ),
    );
    expect(report.problems.map((problem) => problem.check)).toContain("statement");
  });
});

it("a receipt is downloaded with permission, from the portal's own pages only", async () => {
  const path = `/api/receipts/recordings/${recordingId}`;
  for (const role of ["dpo", "auditor"] as const) {
    const answer = await call("GET", path, { headers: (await signedInAs(role)).headers });
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
      200,
      "application/json",
      "no-store",
    ]);
    expect(answer.headers.get("content-disposition")).toMatch(
      /^attachment; filename="custodia-G-\d{8}-[0-9A-F]{12}\.json"$/,
    );
    expect(await check(await answer.text())).toMatchObject({ holds: true });
  }
  const { cookie, headers } = await signedInAs("supervisor");
  expect((await call("GET", path, { headers })).status).toBe(403);
  expect((await call("GET", path, { headers: (await serviceAccount()).headers })).status).toBe(403);
  expect((await call("GET", path, { headers: { cookie, "sec-fetch-site": "cross-site" } })).status).toBe(403);
  expect((await call("GET", `${path}?format=odt`, { headers: await asAdmin() })).status).toBe(422);
});

it("a receipt of each kind is a readable PDF", async () => {
  for (const [kind, id] of [
    ["recordings", recordingId],
    ["runs", runId],
    ["deletion-orders", orderId],
  ]) {
    const pdf = await call("GET", `/api/receipts/${kind}/${id}?format=pdf`, { headers: await asAdmin() });
    expect([pdf.status, pdf.headers.get("content-type")]).toEqual([200, "application/pdf"]);
    const { text } = await extractText(new Uint8Array(await pdf.arrayBuffer()), { mergePages: true });
    expect(text).toContain(id);
    expect(text).not.toContain("Maria");
  }
});
