/** What is wrong, or could not be seen. The codes are stable: `npm run audit -- verify --json` prints them. */
export const findingCodes = {
  /** An event is not as it was sealed. */
  event_edited: "broken",
  /** An event was sealed and is not there any more. */
  event_removed: "broken",
  /** An event stands where the seals have none. */
  event_inserted: "broken",
  /** An event that the portal did not write, or not like this: its HMAC is wrong. */
  event_forged: "broken",
  /** A committed event disappeared before it was sealed: its writer's count has a gap. */
  event_deleted_before_seal: "broken",
  /** The events of a batch do not have its root, and nothing is left that says which. */
  batch_altered: "broken",
  /** A seal was changed, or made without the signing key. */
  seal_edited: "broken",
  /** Seals are missing between others. */
  seal_removed: "broken",
  /** A seal does not follow from the one before it. */
  chain_broken: "broken",
  /**
   * The object store has anchors of seals that the database has not: the end of the log was cut off, or an old
   * backup restored.
   */
  tail_cut_off: "broken",
  /** A seal differs from its anchor: the log was rewritten and sealed anew. */
  log_rewritten: "broken",
  /** A seal was anchored, and its anchor is gone from the object store. */
  anchor_missing: "broken",
  /** An object in the place of an anchor is none, or carries no valid signature. */
  anchor_invalid: "broken",
  /** Numbers of a writer that never arrived: on their way now, lost when the process was killed, or deleted. */
  writer_gap: "warning",
  /** Events wait for their seal, or seals for their anchor, longer than they should. */
  sealing_late: "warning",
  anchoring_late: "warning",
  hmac_key_unknown: "unchecked",
  signing_key_unknown: "unchecked",
  anchors_unreachable: "unchecked",
} as const satisfies Record<string, "broken" | "warning" | "unchecked">;

export type FindingCode = keyof typeof findingCodes;

export type Finding = {
  code: FindingCode;
  /** Sequence of the seal concerned. */
  seal?: number;
  /** Place within the batch, from 0. */
  position?: number;
  eventId?: string;
  writerId?: string;
  /** Ids, numbers and places that help to find it; English, for the operator. */
  detail: string;
};

const kept = 1000;

/** Collects findings; keeps the first thousand and counts the others. */
export class Findings {
  readonly list: Finding[] = [];
  readonly counts = new Map<FindingCode, number>();

  add(finding: Finding): void {
    this.counts.set(finding.code, (this.counts.get(finding.code) ?? 0) + 1);
    if (this.list.length < kept) this.list.push(finding);
  }

  count(code: FindingCode): number {
    return this.counts.get(code) ?? 0;
  }

  /** Broken outweighs unchecked; warnings alone leave the log whole. */
  get verdict(): "whole" | "broken" | "unchecked" {
    const severities = new Set([...this.counts.keys()].map((code) => findingCodes[code]));
    return severities.has("broken") ? "broken" : severities.has("unchecked") ? "unchecked" : "whole";
  }
}
