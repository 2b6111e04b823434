import type { ScanClaim } from "@/lib/store-scan/claim-store-scan";
import type { FoundDiscrepancy } from "@/lib/store-scan/found-discrepancy";
import type { OperationContext } from "@/lib/operation/operation";
import type { ObjectStore } from "@/lib/storage/object-store";

/** What every walk is given. */
export type ScanJob = {
  context: OperationContext;
  /** The primary first, then each copy (`configuredStores`). */
  stores: readonly ObjectStore[];
  /** Objects younger than this may belong to an upload that is still on its way. */
  minimumAgeMs: number;
};

/** What one step of a walk saw. */
export type ScanStep = {
  found: FoundDiscrepancy[];
  verified: string[];
  objects: number;
  recordings: number;
  unchecked: number;
  /** Behind what it looked at; null at the end of the walk. */
  nextCursor: string | null;
};

/** One bounded step, from where the claim says. @throws StoreError; ScanStopped when it makes no sense to go on. */
export type PhaseScan = (job: ScanJob, claim: ScanClaim) => Promise<ScanStep>;

export const nothingSeen: ScanStep = {
  found: [],
  verified: [],
  objects: 0,
  recordings: 0,
  unchecked: 0,
  nextCursor: null,
};

/** The run itself has failed, whatever single recordings are. */
export class ScanStopped extends Error {
  override readonly name = "ScanStopped";

  constructor(readonly reason: string) {
    super(`the run stopped: ${reason}`);
  }
}
