import type { Receipt, SignedReceipt } from "@/lib/receipts/receipt-schema";
import { receiptChecks, type ReceiptCheck, type ReceiptReport } from "@/lib/receipts/verify/receipt-report";

/** A report for the terminal; English, as all commands. */
export function printReceiptReport({ holds, signed, listed, problems }: ReceiptReport): string {
  if (!signed)
    return [
      "DOES NOT HOLD: this is no receipt, or not the whole of one.",
      ...problems.map(({ detail }) => `  FAILS  ${detail}`),
    ].join("\n");
  const { receipt } = signed;
  const checks = receiptChecks.filter((check) => check !== "list" || receipt.scope !== "recording");
  const lines = checks.flatMap((check) => {
    const failed = problems.filter((problem) => problem.check === check);
    return failed.length > 0
      ? failed.map(({ detail }) => `  FAILS  ${check}: ${detail}`)
      : [`  ok     ${check}: ${whatHolds(check, receipt, listed)}`];
  });
  const head = `receipt ${receipt.number}, ${subject(receipt)}`;
  return [
    holds ? `HOLDS: ${head}` : `DOES NOT HOLD: ${head}. Believe nothing of it.`,
    ...lines,
    ...(holds ? facts(signed) : []),
  ].join("\n");
}

function whatHolds(check: ReceiptCheck, { signingKeyId, seals, evidence }: Receipt, listed: number): string {
  const hidden = evidence.filter(({ event }) => event === null).length;
  const byDigest =
    hidden === 0
      ? ""
      : `; ${hidden} of them by a digest alone, since a person did it: who has the log finds it by its id`;
  const words: Record<ReceiptCheck, string> = {
    form: "one receipt, whole, as it was written",
    signature: `signed with the key "${signingKeyId}"`,
    seals: `${counted(seals.length, "seal")} of the audit log, each signed`,
    events: `${counted(evidence.length, "event")} of the deletion, each under its seal${byDigest}`,
    statement: "states nothing else than the events",
    list: `${counted(listed, "recording")}, each with its own event under a seal; the totals are theirs`,
  };
  return words[check];
}

function subject(receipt: Receipt): string {
  if (receipt.scope === "recording") return `recording ${receipt.recording.id}`;
  return receipt.scope === "run" ? `retention run ${receipt.run.id}` : `order ${receipt.order.id}`;
}

/** What a receipt that holds says, in short. */
function facts({ receipt }: SignedReceipt): string[] {
  const backups = receipt.remains.find(({ what }) => what === "database_backups")?.until;
  const erased = receipt.method.cryptographicErase;
  return [
    receipt.scope === "recording"
      ? `Deleted ${receipt.deletion.finishedAt} (${receipt.deletion.reason}); SHA-256 of the audio: ${receipt.recording.sha256 ?? "unknown"}.`
      : `${counted(receipt.totals.recordings, "recording")} deleted, ${counted(receipt.totals.versionsDeleted, "version")} in ${receipt.totals.stores.join(", ") || "no store"}.`,
    ...(receipt.scope === "recording"
      ? receipt.stores.map(
          ({ store, versionsDeleted, provedAbsentAt }) =>
            `  ${store}: ${counted(versionsDeleted, "version")} deleted, nothing left at ${provedAbsentAt}.`,
        )
      : []),
    erased
      ? `Cryptographic erase: ${counted(erased.dataKeysDestroyed, "key")} destroyed, the audio's among them; complete at ${erased.completeAt}.`
      : "No cryptographic erase is claimed.",
    `Backups of the database may hold the rows until ${backups ?? "an unknown time"}.`,
    "It shows what the portal did and recorded, not what became of the stores' media.",
  ];
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
