/** What is wrong, or could not be checked. The codes are stable: `npm run audit -- verify --json` prints them. */
export const findingCodes = {
  /** An event differs from what was sealed. */
  event_edited: "broken",
  /** A sealed event is missing. */
  event_removed: "broken",
  /** An event exists that its seal does not cover. */
  event_inserted: "broken",
  /** The HMAC of an event is wrong: the portal did not write it, or it was changed. */
  event_forged: "broken",
  /** A committed event disappeared before it was sealed: its writer's sequence has a gap. */
  event_deleted_before_seal: "broken",
  /** The counter that a process left in the object store is higher than its highest event. */
  writer_cut_off: "broken",
  /** An object under a counter's key is not a counter, or has no valid signature. */
  counter_invalid: "broken",
  /** A grant, a deleted recording or an entry of the erasure ledger has no event: it was deleted before its seal. */
  act_without_event: "broken",
  /** An event tells of such an act, and its row is missing. */
  event_without_act: "broken",
  /** The events of a batch do not give its root, and nothing tells which of them changed. */
  batch_altered: "broken",
  /** A seal was changed, or made without the signing key. */
  seal_edited: "broken",
  /** Seals are missing between two others. */
  seal_removed: "broken",
  /** A seal does not follow from the one before it. */
  chain_broken: "broken",
  /** A seal is signed as of an earlier time than the one before it. */
  seal_back_in_time: "broken",
  /**
   * The object store holds anchors of seals that are missing in the database: the end of the log was deleted, or an old
   * backup was restored.
   */
  tail_cut_off: "broken",
  /** A seal differs from its anchor: the log was rewritten and sealed again. */
  log_rewritten: "broken",
  /** The anchor of an anchored seal is missing in the object store. */
  anchor_missing: "broken",
  /** An object under an anchor's key is not an anchor, or has no valid signature. */
  anchor_invalid: "broken",
  /** A seal's checkpoint was changed, or is not signed by its key. */
  checkpoint_invalid: "broken",
  /** A tile of the tree in the object store is not the tree's, or an object there is neither tile nor checkpoint. */
  tile_invalid: "broken",
  /** A cosignature in the database or the store does not fit its checkpoint. */
  cosignature_invalid: "broken",
  /** A witness says that it cosigned another tree under the name of the log's. */
  witness_conflict: "broken",
  /** A time stamp in the database or the store does not fit its checkpoint. */
  timestamp_invalid: "broken",
  /** The database or the object store lacks a cosignature that the other has. */
  cosignature_missing: "warning",
  /** A configured witness knows no tree of this name, or not its key: an earlier tree may have been cut off. */
  witness_tree_unknown: "unchecked",
  /** A configured witness answers otherwise that it does not cosign. */
  witness_refused: "warning",
  /** A configured witness has not cosigned for a day, though there was a checkpoint. */
  witness_late: "warning",
  /** The database or the object store lacks a time stamp that the other has. */
  timestamp_missing: "warning",
  /** An authority is configured, and the last time stamp is older than two days. */
  timestamp_late: "warning",
  /** A seal has no checkpoint though the one before it has: deleted, or sealed by an earlier version of the portal. */
  checkpoint_missing: "warning",
  /** Published tiles or checkpoints are missing in the object store. `npm run audit -- restore-tiles` writes them. */
  tile_missing: "warning",
  /** Sequence numbers of a writer are missing: still in flight, lost when the process was killed, or deleted. */
  writer_gap: "warning",
  /** Events without a seal, or seals without an anchor, are late. */
  sealing_late: "warning",
  anchoring_late: "warning",
  /** An open transaction keeps committed events from their seal since ten seconds or more. */
  sealing_held: "warning",
  /** An event's time is later than its seal: the clock of the process that wrote it is wrong, or the event is false. */
  event_after_seal: "warning",
  hmac_key_unknown: "unchecked",
  signing_key_unknown: "unchecked",
  /** The certificate of a time stamp leads to no configured authority. */
  timestamp_untrusted: "unchecked",
  anchors_unreachable: "unchecked",
} as const satisfies Record<string, "broken" | "warning" | "unchecked">;

export type FindingCode = keyof typeof findingCodes;

export type Finding = {
  code: FindingCode;
  /** Sequence of the seal concerned. */
  seal?: number;
  /** Position within the batch, from 0. */
  position?: number;
  eventId?: string;
  writerId?: string;
  /** The act whose row or event is missing. */
  act?: { kind: string; id: string };
  /** Ids, numbers and positions that help to locate it. In English, for the operator. */
  detail: string;
};

const kept = 1000;

/** Collects findings. Keeps the first thousand and counts the rest. */
export class Findings {
  readonly list: Finding[] = [];
  readonly counts = new Map<FindingCode, number>();

  add(finding: Finding): void {
    this.counts.set(finding.code, (this.counts.get(finding.code) ?? 0) + 1);
    if (this.list.length < kept) this.list.push(finding);
  }

  /** Adds those of another part of the log. */
  absorb({ list, counts }: Pick<Findings, "list" | "counts">): void {
    for (const [code, count] of counts) this.counts.set(code, this.count(code) + count);
    this.list.push(...list.slice(0, kept - this.list.length));
  }

  count(code: FindingCode): number {
    return this.counts.get(code) ?? 0;
  }

  /** "broken" outranks "unchecked"; with warnings alone the log is "whole". */
  get verdict(): "whole" | "broken" | "unchecked" {
    const severities = new Set([...this.counts.keys()].map((code) => findingCodes[code]));
    return severities.has("broken") ? "broken" : severities.has("unchecked") ? "unchecked" : "whole";
  }
}
