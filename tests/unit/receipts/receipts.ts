import type { SignedSeal } from "@/lib/audit/seal";
import { receiptNumber } from "@/lib/receipts/receipt-number";
import type { OrderReceipt, RecordingReceipt, RunReceipt, SignedReceipt } from "@/lib/receipts/receipt-schema";

const digest = (digit: string) => digit.repeat(64);
const id = (last: string) => `01a20ff3-2158-7247-94f0-${last.padStart(12, "0")}`;
const at = (time: string) => `2026-11-24T${time}.000Z`;

const seal: SignedSeal = {
  seal: {
    type: "custodia.audit-seal.v1",
    sequence: 17,
    epoch: "e",
    anchorEpoch: "e",
    transactionFrom: "1",
    transactionTo: "9",
    eventCount: 2,
    merkleRoot: digest("a"),
    previousHash: digest("b"),
    writers: {},
    sealedAt: at("23:10:06"),
    signingKeyId: "k1",
  },
  signature: "c".repeat(128),
};
const step = (name: "ordered" | "marked" | "deleted" | "started" | "ended", last: string) => ({
  step: name,
  eventId: id(last),
  event: null,
  leaf: digest("d"),
  seal: 17,
  index: 0,
  path: [],
});

const common = {
  type: "custodia.deletion-receipt.v1" as const,
  controller: "Companhia de Atendimento Ltda.",
  method: {
    standard: "NIST SP 800-88 Rev. 2" as const,
    technique: "all_versions_deleted_and_absence_proved" as const,
    cryptographicErase: null,
  },
  remains: [
    { what: "minimal_record" as const, until: null },
    { what: "audit_events" as const, until: null },
    { what: "erasure_ledger" as const, until: null },
    { what: "upload_tickets" as const, until: null },
    { what: "playback_grants" as const, until: null },
    { what: "database_backups" as const, until: "2026-12-29T23:10:05.000Z" },
  ],
  seals: [seal],
  signingKeyId: "k1",
};

const finishedAt = at("23:10:05");

/** A sample receipt; no audit log holds its events. */
export const recordingReceipt: RecordingReceipt = {
  ...common,
  scope: "recording",
  number: receiptNumber("recording", id("1"), new Date(finishedAt)),
  recording: { id: id("1"), sha256: digest("e"), sizeBytes: 1_234_567 },
  deletion: {
    ...{
      reason: "deletion_order",
      legalGrounds: ["lgpd_15_i", "lgpd_16"],
      policy: { id: id("2"), version: 3, legalBasis: "art7_ii", source: "Decreto 11.034/2022, art. 12" },
    },
    ...{
      retainUntil: "2027-03-01T03:00:00.000Z",
      minimumUntil: "2026-08-01T03:00:00.000Z",
      orderId: id("3"),
      runId: null,
      askedAt: at("23:00:00"),
      askedBy: { type: "user", id: id("4"), role: "admin" },
    },
    ...{
      approvedBy: { type: "user", id: id("5"), role: "dpo" },
      markedAt: at("23:10:01"),
      finishedAt,
      ledgerSequence: 12,
      replayed: false,
    },
  },
  method: {
    ...common.method,
    cryptographicErase: { dataKeysDestroyed: 2, recordings: 1, completeAt: "2026-12-29T23:10:05.000Z" },
  },
  stores: [
    {
      store: "s3:aws",
      kind: "s3",
      objectKeys: 2,
      versionsDeleted: 3,
      deleteMarkersDeleted: 1,
      unfinishedUploadsAborted: 0,
      provedAbsentAt: at("23:10:03"),
    },
    {
      store: "second-region",
      kind: "copy",
      objectKeys: 2,
      versionsDeleted: 2,
      deleteMarkersDeleted: 0,
      unfinishedUploadsAborted: 0,
      provedAbsentAt: at("23:10:04"),
    },
  ],
  evidence: [step("ordered", "6"), step("marked", "7"), step("deleted", "8")],
};

const totals = {
  recordings: 12_345,
  versionsDeleted: 24_690,
  deleteMarkersDeleted: 7,
  unfinishedUploadsAborted: 0,
  dataKeysDestroyed: 0,
  contentKeysDestroyed: 0,
  stores: ["s3:aws", "second-region"],
  firstDeletedAt: at("22:10:05"),
  lastDeletedAt: finishedAt,
  lastProvedAbsentAt: finishedAt,
};
const list = { events: 12_345, seals: 40, sha256: digest("f") };

export const runReceipt: RunReceipt = {
  ...{ ...common, totals, list, scope: "run", number: receiptNumber("run", id("9"), new Date(finishedAt)) },
  run: {
    id: id("9"),
    state: "finished",
    startedAt: at("22:10:00"),
    finishedAt,
    due: 12_400,
    marked: 12_345,
    deleted: 12_345,
    failed: 0,
    held: 55,
    remaining: 0,
  },
  evidence: [step("started", "a1"), step("ended", "a2")],
};

export const orderReceipt: OrderReceipt = {
  ...{ ...common, totals, list, scope: "order", number: receiptNumber("order", id("3"), new Date(finishedAt)) },
  order: {
    id: id("3"),
    reason: "deletion_order",
    legalGrounds: ["lgpd_15_i", "lgpd_16"],
    expected: 12_345,
    marked: 12_345,
    askedAt: at("21:00:00"),
    askedBy: { type: "job", id: "deletion-orders-command", role: null },
    approvedBy: null,
    finishedAt,
  },
  evidence: [step("ordered", "6"), step("ended", "a3")],
};

export const signedAs = <Receipt extends SignedReceipt["receipt"]>(receipt: Receipt) => ({
  receipt,
  signature: "0".repeat(128),
});
