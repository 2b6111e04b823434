import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { currentName, codeSuccessorOf } from "@/lib/operation/audit-actions";
import { isRecorded, mayState } from "@/lib/receipts/stated-grounds";
import { receiptNumber, subjectOf } from "@/lib/receipts/receipt-number";
import type { Receipt, RecordingReceipt, RunReceipt, OrderReceipt } from "@/lib/receipts/receipt-schema";
import { deletedDetails, type EventContent } from "@/lib/receipts/event-content";
import type { ShownEvents } from "@/lib/receipts/verify/evidence-check";
import type { Problem } from "@/lib/receipts/verify/receipt-report";

/** Compares the statements of a receipt with its events. A signed receipt that states more than the log also fails. */
export function checkStatement(receipt: Receipt, shown: ShownEvents, problem: Problem): void {
  const differ = (what: string) => problem("statement", `${what} differs from the events`);
  const { id, finishedAt } = subjectOf(receipt);
  if (receipt.number !== receiptNumber(receipt.scope, id, finishedAt))
    problem("statement", "the number is that of another receipt");
  if (receipt.scope === "recording") checkRecording(receipt, shown, differ);
  else if (receipt.scope === "run") checkRun(receipt, shown, differ);
  else checkOrder(receipt, shown, differ);
}

type Deleted = z.output<typeof deletedDetails>;

/** Reports each pair whose sides differ. */
function compare(
  pairs: Record<string, readonly [stated: unknown, recorded: unknown]>,
  differ: (what: string) => void,
): void {
  for (const [what, [stated, recorded]] of Object.entries(pairs))
    if (!isDeepStrictEqual(stated, recorded)) differ(what);
}

function checkRecording(
  { recording, deletion, stores, method, remains }: RecordingReceipt,
  shown: ShownEvents,
  differ: (what: string) => void,
): void {
  const event = shown.get("deleted");
  const parsed = deletedDetails.safeParse(event?.details);
  if (!event || !parsed.success) return differ("the deletion");
  const details = parsed.data;
  compare(
    {
      "the recording": [
        [recording.id, "recording", recording.sha256],
        [event.targetId, event.targetType, details.sha256],
      ],
      "the call": [recording.call, details.call],
      "the playable copy": [
        [recording.playableCopy?.sha256, recording.playableCopy?.sizeBytes],
        [details.copySha256, details.copySizeBytes],
      ],
      "the derived files": [
        [recording.derivedFiles?.map((file) => file.sha256), recording.derivedFiles?.map((file) => file.sizeBytes)],
        [details.derivedSha256, details.derivedSizeBytes],
      ],
      "the reason": [
        [deletion.reason, mayState(deletion.reason, deletion.legalGrounds)],
        [details.reason, true],
      ],
      "the order": [deletion.orderId, details.orderId],
      "the run": [deletion.runId, details.runId],
      "the time": [deletion.finishedAt, event.occurredAt],
      "the approval": [deletion.approvedBy !== null, shown.has("approved")],
      "the entry of the erasure ledger": [
        [deletion.ledgerSequence, deletion.replayed],
        [details.ledgerSequence, details.replayed],
      ],
      ...storePairs(stores, details),
      ...keyPairs({ method, remains }, details),
    },
    differ,
  );
  if (!shown.has("marked")) return differ("the decision to delete");
  const marked = shown.get("marked");
  if (marked) compare(markedPairs({ recording, deletion }, marked), differ);
  const asked = shown.get("ordered") ?? (shown.has("ordered") ? null : marked);
  if (asked)
    compare(
      {
        "the requester": [
          [deletion.askedBy.id, deletion.askedAt],
          [asked.actorId, asked.occurredAt],
        ],
      },
      differ,
    );
}

function storePairs(stores: RecordingReceipt["stores"], details: Deleted) {
  const sum = (count: "versionsDeleted" | "deleteMarkersDeleted" | "unfinishedUploadsAborted") =>
    stores.reduce((total, store) => total + store[count], 0);
  const proofs = stores.map(({ provedAbsentAt }) => provedAbsentAt).toSorted();
  return {
    "the list of stores": [stores.map(({ store }) => store), details.stores],
    "the count of versions": [sum("versionsDeleted"), details.versionsDeleted],
    "the count of delete markers": [sum("deleteMarkersDeleted"), details.deleteMarkersDeleted],
    "the count of unfinished uploads": [sum("unfinishedUploadsAborted"), details.unfinishedUploadsAborted],
    "the proof of absence": [proofs.at(-1), details.provedAbsentAt],
  } as const;
}

function keyPairs({ method, remains }: Pick<RecordingReceipt, "method" | "remains">, details: Deleted) {
  const erased = method.cryptographicErase;
  return {
    "the destruction of keys": [
      erased && [erased.dataKeysDestroyed, erased.recordings],
      details.contentKeyDestroyed ? [details.dataKeysDestroyed, 1] : null,
    ],
    "the end of the backups": [
      erased?.completeAt ?? null,
      erased && (remains.find(({ what }) => what === "database_backups")?.until ?? null),
    ],
  } as const;
}

function markedPairs(
  { recording, deletion }: Pick<RecordingReceipt, "recording" | "deletion">,
  { targetId, occurredAt, details }: EventContent,
) {
  const { policy, retainUntil, reason, markedAt, replayed } = deletion;
  return {
    "the recording": [recording.id, targetId],
    // A name may have been replaced by its successor between the decision and the deletion.
    "the reason": [currentName(codeSuccessorOf, reason), currentName(codeSuccessorOf, String(details.reason))],
    "the time of the decision": [markedAt, occurredAt],
    "the chosen ground": [replayed || isRecorded(reason, deletion, details), true],
    // A deletion that is repeated after a restore follows the erasure ledger, not a policy.
    ...("policyId" in details
      ? {
          "the policy": [
            [policy?.id ?? null, retainUntil],
            [details.policyId, details.retainUntil],
          ] as const,
        }
      : {}),
  } as const;
}

function checkRun({ run, list }: RunReceipt, shown: ShownEvents, differ: (what: string) => void): void {
  const [started, ended] = [shown.get("started"), shown.get("ended")];
  if (!started || !ended) return differ("the run");
  const counts = ["due", "marked", "deleted", "failed", "held", "remaining"] as const;
  const recorded = counts.filter((count) => count in ended.details);
  compare(
    {
      "the run": [
        [run.id, run.id],
        [started.targetId, ended.targetId],
      ],
      "the counts of the run": [recorded.map((count) => run[count]), recorded.map((count) => ended.details[count])],
      "the length of the list": [list.events, ended.details.deleted],
    },
    differ,
  );
}

function checkOrder(receipt: OrderReceipt, shown: ShownEvents, differ: (what: string) => void): void {
  const { order, list } = receipt;
  if (currentName(codeSuccessorOf, order.reason) !== "deletion_order") return checkDecided(receipt, shown, differ);
  const ended = shown.get("ended");
  if (!ended || !shown.has("ordered")) return differ("the order");
  const ordered = shown.get("ordered");
  if (ordered)
    compare(
      {
        "the requester": [
          [order.id, order.askedBy.id],
          [ordered.targetId, ordered.actorId],
        ],
      },
      differ,
    );
  const reduced = shown.get("reduced");
  if (reduced) compare({ "the count that a legal hold kept": [order.kept, reduced.details.kept] }, differ);
  compare(
    {
      "the order": [
        [order.id, order.expected, order.marked],
        [ended.targetId, ended.details.expected, ended.details.marked],
      ],
      "the provisions": [mayState(order.reason, order.legalGrounds), true],
      "the chosen ground": [isRecorded(order.reason, order, ended.details), true],
      "the calls": [order.calls, ended.details.calls],
      "the approval": [order.approvedBy !== null, shown.has("approved")],
      "the recordings that a legal hold kept": [order.kept !== undefined, shown.has("reduced")],
      "the length of the list": [list.events, order.marked - (order.kept ?? 0)],
    },
    differ,
  );
}

/** An order that a decision made has no events of its own: those of its recordings show what it says. */
function checkDecided({ order, list }: OrderReceipt, shown: ShownEvents, differ: (what: string) => void): void {
  if (!shown.has("marked")) return differ("the order");
  const marked = shown.get("marked");
  if (marked)
    compare(
      {
        "the order": [
          [order.id, order.reason],
          [marked.details.orderId, marked.details.reason],
        ],
        "the requester": [
          [order.askedBy.id, order.askedAt],
          [marked.actorId, marked.occurredAt],
        ],
        "the chosen ground": [isRecorded(order.reason, order, marked.details), true],
      },
      differ,
    );
  compare(
    {
      "the approval": [order.approvedBy !== null, shown.has("approved")],
      "the provisions": [mayState(order.reason, order.legalGrounds), true],
      "the length of the list": [list.events, order.marked - (order.kept ?? 0)],
    },
    differ,
  );
}
