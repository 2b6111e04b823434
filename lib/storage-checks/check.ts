import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import type { ObjectStore } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";
import type { BucketConfig, S3StoreConfig, SupabaseStoreConfig } from "@/lib/storage/store-config";

/** The store under test. Checks create objects only under keys of `newKey`, which are deleted at the end. */
export interface CheckedStore {
  store: ObjectStore;
  /** The bucket behind it; null for the disk. */
  bucket: BucketConfig | null;
  /** Origin of the portal, whose pages may upload to the bucket. */
  portalOrigin: string;
  newKey: () => string;
  /** The settings of the bucket, as they were read before the checks. */
  settings: readonly StorageControlResult[];
}

export type Verdict = Pick<StorageControlResult, "outcome" | "detail">;
export type Check = (under: CheckedStore) => Promise<Verdict>;

export const holds = (detail: string | null = null): Verdict => ({ outcome: "holds", detail });
export const fails = (detail: string | null = null): Verdict => ({ outcome: "fails", detail });
export const unknown = (detail: string): Verdict => ({ outcome: "unknown", detail });
export const unsupported = (detail: string | null = null): Verdict => ({ outcome: "unsupported", detail });

/** The control of a check (the same request, but allowed) failed, so a refusal would prove nothing. */
export class ControlFailed extends Error {
  readonly detail: string;

  constructor(detail: string) {
    super(detail);
    this.detail = detail;
  }
}

export function assertControl(answer: Response): void {
  if (!answer.ok) throw new ControlFailed(`control_http_${answer.status}`);
}

/** A check of one kind of bucket only. */
export type BucketCheck<Config extends BucketConfig> = (config: Config, under: CheckedStore) => Promise<Verdict>;
export type S3Check = BucketCheck<S3StoreConfig>;
export type SupabaseCheck = BucketCheck<SupabaseStoreConfig>;

/** Runs one check. A check that cannot be carried out is unknown, which is not a pass. */
export async function runCheck(control: string, check: Check, under: CheckedStore): Promise<StorageControlResult> {
  try {
    return { control, ...(await check(under)) };
  } catch (error) {
    if (error instanceof ControlFailed) return { control, outcome: "unknown", detail: error.detail };
    const failure = toS3StoreError(error);
    return { control, outcome: "unknown", detail: failure instanceof StoreError ? failure.code : "failed" };
  }
}
