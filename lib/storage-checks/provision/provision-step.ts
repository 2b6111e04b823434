import type { S3Client } from "@aws-sdk/client-s3";
import { DECLINED_CONTROLS, S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/** Settings of a bucket that only Supabase Storage has. */
export type SupabaseBucketControl = "private_bucket" | "size_limit" | "declared_types";

/** One setting of the bucket: its present value, the wanted one, and the call that changes it. */
export interface ProvisionStep {
  control: S3BucketControl | SupabaseBucketControl | "bucket";
  found: string;
  wanted: string;
  /** `declined`: supported but never made. `unreadable`: `found` is the code of the failure. */
  state: "as_wanted" | "change" | "cannot" | "not_asked" | "declined" | "unreadable";
  apply: () => Promise<unknown>;
}

export interface ProvisionTarget {
  client: S3Client;
  config: S3StoreConfig;
  /** Origin of the portal, whose pages may upload and play. */
  portalOrigin: string;
  /** Whether the bucket exists; if not, every setting is missing. */
  exists: boolean;
}

const nothing = async () => undefined;

/** A setting that the store does not support, that the settings do not request, or that is never made. */
export function idleStep(
  control: ProvisionStep["control"],
  state: "cannot" | "not_asked" | "declined",
  why: string,
): ProvisionStep {
  return { control, found: "–", wanted: why, state, apply: nothing };
}

/** The step of a setting that is never sent to a store of this profile; null if it may be sent. */
export function neverSent(control: S3BucketControl, { profile }: Pick<S3StoreConfig, "profile">): ProvisionStep | null {
  const cannot = S3_CONTROLS[profile][control];
  if (cannot !== null) return idleStep(control, "cannot", cannot);
  const declined = DECLINED_CONTROLS[control];
  return declined === undefined ? null : idleStep(control, "declined", declined);
}

/** A setting that could not be read; `code` is that of the StoreError. */
export const unreadableStep = (control: S3BucketControl, code: string): ProvisionStep => ({
  control,
  found: code,
  wanted: "–",
  state: "unreadable",
  apply: nothing,
});

/** Compares the present value with the wanted one. */
export function stepOf(
  control: ProvisionStep["control"],
  found: string,
  wanted: string,
  apply: () => Promise<unknown>,
): ProvisionStep {
  const same = found === wanted;
  return { control, found, wanted, state: same ? "as_wanted" : "change", apply: same ? nothing : apply };
}

/** Null for a setting that was never made, which servers answer with an error under different names. */
export async function orNull<Answer>(call: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await call();
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404 && name !== "NoSuchBucket") return null;
    throw error;
  }
}
