import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import type { ObjectStore } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import type { BucketConfig, S3StoreConfig, SupabaseStoreConfig } from "@/lib/storage/store-config";

/** What the trials work on. Everything they make lies under keys of `newKey`, and is deleted when they end. */
export interface StoreUnderTrial {
  store: ObjectStore;
  /** The bucket behind it; null for the disk. */
  bucket: BucketConfig | null;
  /** Whose pages may send to the bucket. */
  portalOrigin: string;
  newKey: () => string;
  /** The settings as they were read back, before anything is tried. */
  settings: readonly StorageControlResult[];
}

export type Verdict = Pick<StorageControlResult, "outcome" | "detail">;
export type Trial = (under: StoreUnderTrial) => Promise<Verdict>;

export const holds = (detail: string | null = null): Verdict => ({ outcome: "holds", detail });
export const fails = (detail: string | null = null): Verdict => ({ outcome: "fails", detail });
export const unknown = (detail: string): Verdict => ({ outcome: "unknown", detail });
export const unsupported = (detail: string | null = null): Verdict => ({ outcome: "unsupported", detail });

/** Ends a trial whose control (the same request with the right to it) was not answered: then a refusal proves nothing. */
export class ControlFailed extends Error {
  constructor(readonly detail: string) {
    super(detail);
  }
}

export function assertControl(answer: Response): void {
  if (!answer.ok) throw new ControlFailed(`control_http_${answer.status}`);
}

/** Trials of one kind of bucket; of any other they are not in the table. */
export type BucketTrial<Config extends BucketConfig> = (config: Config, under: StoreUnderTrial) => Promise<Verdict>;
export type S3Trial = BucketTrial<S3StoreConfig>;
export type SupabaseTrial = BucketTrial<SupabaseStoreConfig>;

/** One trial; what cannot be tried is unknown, which is not a pass. */
export async function tried(control: string, trial: Trial, under: StoreUnderTrial): Promise<StorageControlResult> {
  try {
    return { control, ...(await trial(under)) };
  } catch (error) {
    if (error instanceof ControlFailed) return { control, outcome: "unknown", detail: error.detail };
    const failure = toS3StoreError(error);
    return { control, outcome: "unknown", detail: failure instanceof StoreError ? failure.code : "failed" };
  }
}
