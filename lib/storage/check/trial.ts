import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import type { ObjectStore } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/** What the trials work on. Everything they make lies under keys of `newKey`, and is deleted when they end. */
export interface StoreUnderTrial {
  store: ObjectStore;
  /** The bucket behind it, and the portal's origin; null for other stores. */
  s3: { config: S3StoreConfig; portalOrigin: string } | null;
  newKey: () => string;
}

export type Verdict = Pick<StorageControlResult, "outcome" | "detail">;
export type Trial = (under: StoreUnderTrial) => Promise<Verdict>;

export const holds = (detail: string | null = null): Verdict => ({ outcome: "holds", detail });
export const fails = (detail: string | null = null): Verdict => ({ outcome: "fails", detail });
export const unsupported = (detail: string | null = null): Verdict => ({ outcome: "unsupported", detail });

/** A refusal is proved by 4xx; an answer of success by whatever was done. */
export function refusedBy(status: number): Verdict {
  if (status >= 400 && status < 500) return holds(`http_${status}`);
  return status < 400 ? fails(`http_${status}`) : { outcome: "unknown", detail: `http_${status}` };
}

/** One trial; what cannot be tried is unknown, which is not a pass. */
export async function tried(control: string, trial: Trial, under: StoreUnderTrial): Promise<StorageControlResult> {
  try {
    return { control, ...(await trial(under)) };
  } catch (error) {
    const failure = toS3StoreError(error);
    return { control, outcome: "unknown", detail: failure instanceof StoreError ? failure.code : "failed" };
  }
}
