import type { Receipt, SignedReceipt } from "@/lib/receipts/receipt-schema";
import { receiptChecks, type ReceiptCheck, type ReceiptReport } from "@/lib/receipts/verify/receipt-report";

/** Formats a report for a terminal. */
export function printReceiptReport({ holds, signed, listed, problems }: ReceiptReport): string {
  if (!signed)
    return ["INVALID: this is not a complete receipt.", ...problems.map(({ detail }) => `  FAILS  ${detail}`)].join(
      "\n",
    );
  const { receipt } = signed;
  const checks = receiptChecks.filter((check) => check !== "list" || receipt.scope !== "recording");
  const lines = checks.flatMap((check) => {
    const failed = problems.filter((problem) => problem.check === check);
    return failed.length > 0
      ? failed.map(({ detail }) => `  FAILS  ${check}: ${detail}`)
      : [`  ok     ${check}: ${describePassed(check, receipt, listed)}`];
  });
  const head = `receipt ${receipt.number}, ${subject(receipt)}`;
  return [
    holds ? `VALID: ${head}` : `INVALID: ${head}. Do not rely on it.`,
    ...lines,
    ...(holds ? facts(signed) : []),
  ].join("\n");
}

function describePassed(check: ReceiptCheck, { signingKeyId, seals, evidence }: Receipt, listed: number): string {
  const hidden = evidence.filter(({ event }) => event === null).length;
  const byDigest =
    hidden === 0 ? "" : `; ${hidden} of them by digest only, because a person acted: the audit log has them by id`;
  const words: Record<ReceiptCheck, string> = {
    form: "one complete receipt, unchanged",
    signature: `signed with the key "${signingKeyId}"`,
    seals: `${counted(seals.length, "seal")} of the audit log, each signed`,
    events: `${counted(evidence.length, "event")} of the deletion, each under its seal${byDigest}`,
    statement: "agrees with the events",
    list: `${counted(listed, "recording")}, each with its own sealed event; the totals match`,
  };
  return words[check];
}

function subject(receipt: Receipt): string {
  if (receipt.scope === "recording") return `recording ${receipt.recording.id}`;
  return receipt.scope === "run" ? `retention run ${receipt.run.id}` : `order ${receipt.order.id}`;
}

/** Summarises a valid receipt. */
function facts({ receipt }: SignedReceipt): string[] {
  const backups = receipt.remains.find(({ what }) => what === "database_backups")?.until;
  const erased = receipt.method.cryptographicErase;
  return [
    ...deletionFacts(receipt),
    erased
      ? `Cryptographic erase: ${counted(erased.dataKeysDestroyed, "key")} destroyed, including the key of the audio; ` +
        `complete at ${erased.completeAt}.`
      : "Cryptographic erase is not claimed.",
    `Database backups may hold the rows until ${backups ?? "an unknown time"}.`,
    "The receipt shows what the portal did and recorded, not what happened to the storage media.",
  ];
}

function deletionFacts(receipt: Receipt): string[] {
  if (receipt.scope !== "recording") {
    const { recordings, versionsDeleted, stores } = receipt.totals;
    const versions = `${counted(versionsDeleted, "version")} in ${stores.join(", ") || "no store"}`;
    return [`${counted(recordings, "recording")} deleted, ${versions}.`];
  }
  const { finishedAt, reason } = receipt.deletion;
  return [
    `Deleted ${finishedAt} (${reason}); SHA-256 of the audio: ${receipt.recording.sha256 ?? "unknown"}.`,
    ...receipt.stores.map(
      ({ store, versionsDeleted, provedAbsentAt }) =>
        `  ${store}: ${counted(versionsDeleted, "version")} deleted, nothing left at ${provedAbsentAt}.`,
    ),
  ];
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
