import type { OpenScan } from "@/lib/store-scan/open-store-scan";
import type { FoundDiscrepancy } from "@/lib/store-scan/found-discrepancy";
import type { OperationContext } from "@/lib/operation/operation";
import type { ObjectStore } from "@/lib/storage/object-store";

/** The input of each phase. */
export type PhaseInput = {
  context: OperationContext;
  /** The primary first, then each copy (`configuredStores`). */
  stores: readonly ObjectStore[];
  /** Objects younger than this may belong to an upload that is unfinished. */
  minimumAgeMs: number;
};

/** The result of one step of a phase. */
export type ScanStep = {
  found: FoundDiscrepancy[];
  verified: string[];
  objects: number;
  recordings: number;
  unchecked: number;
  /** Where the next step starts; null at the end of the phase. */
  nextCursor: string | null;
};

/** One bounded step from the cursor of the scan. @throws StoreError; ScanStopped when continuing is pointless. */
export type PhaseScan = (input: PhaseInput, scan: OpenScan) => Promise<ScanStep>;

export const nothingSeen: ScanStep = {
  found: [],
  verified: [],
  objects: 0,
  recordings: 0,
  unchecked: 0,
  nextCursor: null,
};

/** The whole scan has failed, not single recordings. */
export class ScanStopped extends Error {
  override readonly name = "ScanStopped";

  readonly reason: string;

  constructor(reason: string) {
    super(`the scan stopped: ${reason}`);
    this.reason = reason;
  }
}
