import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import {
  assertByteRange,
  assertDownloadRequest,
  assertListLimit,
  assertPutOptions,
  assertUploadRequest,
  CONTROL_OBJECT_KEY,
} from "@/lib/storage/request-checks";
import { linkExpiry } from "@/lib/storage/link-expiry";
import { assertKeyPrefix, assertObjectKey } from "@/lib/storage/object-key";
import type * as Port from "@/lib/storage/object-store";
import { readStartInTwo } from "@/lib/storage/object-start";
import { readWithinEnd } from "@/lib/storage/range-behind-end";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";
import { findSupabaseObject, listSupabaseObjects } from "@/lib/storage/supabase/supabase-objects";
import { putSupabaseObject } from "@/lib/storage/supabase/supabase-writes";
import { readSupabaseRange } from "@/lib/storage/supabase/supabase-reads";
import { answered, openSupabaseBucket, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";
import { z } from "zod";

/** Measured on server 1.11: it verifies no checksum, reports no encryption and keeps one version of an object. */
const SUPABASE_CAPABILITIES: Omit<StoreCapabilities, "maxUploadBytes"> = {
  sha256Verified: false,
  sha256Reported: false,
  conditionalWrite: false,
  encryption: [],
  versioning: false,
  objectLock: false,
  multipart: false,
  signedVersion: false,
  headShowsBytes: false,
  maxLinkSeconds: 7 * 24 * 3600,
};

/**
 * Supabase Storage, through its own protocol: its S3 endpoint answers unknown calls by replacing or deleting objects.
 * Keys are put into addresses unescaped, so every key must pass `assertObjectKey`.
 */
export class SupabaseStore implements Port.ObjectStore {
  readonly name = "supabase";
  readonly capabilities: StoreCapabilities;
  readonly acceptsUnencrypted = false;
  readonly multipart = null;
  readonly legalHold = null;
  readonly #bucket: SupabaseBucket;

  constructor(config: SupabaseStoreConfig) {
    this.capabilities = { ...SUPABASE_CAPABILITIES, maxUploadBytes: config.maxUploadBytes };
    this.#bucket = openSupabaseBucket(config);
  }

  /** The link fixes only the key, not size, type or hash. The server sets its life, and it works more than once. */
  async signUpload(request: Port.UploadRequest): Promise<Port.SignedUpload> {
    assertUploadRequest(request, this.capabilities);
    const { signedUrl, token } = await answered(
      this.#bucket.files.createSignedUploadUrl(request.key, { upsert: false }),
    );
    return {
      method: "PUT",
      url: signedUrl,
      headers: { "content-type": request.contentType },
      expiresAt: uploadTokenEnd(token),
    };
  }

  /** The server ignores the requested content type; of the disposition it applies only the name of a download. */
  async signDownload(request: Port.DownloadRequest): Promise<Port.SignedDownload> {
    assertDownloadRequest(request, this.capabilities);
    const download = /^attachment; filename="([^"]+)"$/.exec(request.contentDisposition ?? "")?.[1];
    const expiresAt = linkExpiry(request.expiresInSeconds);
    const { signedUrl } = await answered(
      this.#bucket.files.createSignedUrl(
        request.key,
        request.expiresInSeconds,
        download === undefined ? {} : { download },
      ),
    );
    return { url: signedUrl, expiresAt };
  }

  async put(key: string, body: Port.Bytes, options: Port.PutOptions): Promise<Port.StoredObject> {
    assertObjectKey(key);
    assertPutOptions(options, this.capabilities);
    return putSupabaseObject(this.#bucket, key, body, options);
  }

  async head(key: string, versionId?: string): Promise<Port.ObjectFacts | null> {
    assertObjectKey(key);
    assertNoVersion(versionId);
    return findSupabaseObject(this.#bucket, key);
  }

  readStart(key: string, count: number): Promise<Port.ObjectStart | null> {
    return readStartInTwo(this, key, count);
  }

  async readRange(key: string, range: Port.ByteRange, options: Port.ReadOptions = {}): Promise<Port.ObjectRange> {
    assertObjectKey(key);
    assertByteRange(range);
    assertNoVersion(options.versionId);
    const read = () => readSupabaseRange(this.#bucket, key, range, options);
    return readWithinEnd(this, { key, range, options }, read);
  }

  async list(request: Port.ListRequest): Promise<Port.ObjectPage> {
    assertKeyPrefix(request.prefix);
    assertListLimit(request.limit);
    return listSupabaseObjects(this.#bucket, request);
  }

  /** Moves within the bucket. Throws `already_exists` if the target exists, `not_found` if the source does not. */
  readonly promote = async (fromKey: string, toKey: string): Promise<void> => {
    assertObjectKey(fromKey);
    assertObjectKey(toKey);
    await answered(this.#bucket.files.move(fromKey, toKey));
  };

  async deleteAllVersions(key: string): Promise<Port.DeletionCounts> {
    assertObjectKey(key);
    return deleteSupabaseObject(this.#bucket, key);
  }

  async proveAbsence(key: string): Promise<Port.AbsenceProof> {
    assertObjectKey(key);
    const found = {
      versions: (await findSupabaseObject(this.#bucket, key)) ? 1 : 0,
      deleteMarkers: 0,
      unfinishedUploads: 0,
    };
    return { key, absent: found.versions === 0, found, controlKey: CONTROL_OBJECT_KEY, checkedAt: new Date() };
  }
}

/** The server would ignore a version id and return the current object. */
function assertNoVersion(versionId: string | undefined): void {
  if (versionId !== undefined) throw new StoreError("not_supported", "This store has no versions.");
}

const claims = z.object({ exp: z.number().int().positive() });

/**
 * The expiry in an upload token. The server's settings decide it (a minute self-hosted, two hours hosted).
 * @throws StoreError `integrity` for a token without an expiry.
 */
export function uploadTokenEnd(token: string): Date {
  try {
    const { exp } = claims.parse(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
    return new Date(exp * 1000);
  } catch (error) {
    throw new StoreError("integrity", "The store returned an upload token without an expiry.", {
      cause: error,
    });
  }
}

/**
 * Removes the object of exactly this key. The server returns the rows that it removed; without the right to delete it
 * returns none and no error. So without a row `findSupabaseObject` has to prove that the object does not exist.
 * @throws StoreError `forbidden` if the object still exists.
 */
export async function deleteSupabaseObject(target: SupabaseBucket, key: string): Promise<Port.DeletionCounts> {
  const removed = await answered(target.files.remove([key]));
  const versionsDeleted = removed.filter(({ name }) => name === key).length;
  if (versionsDeleted === 0 && (await findSupabaseObject(target, key)))
    throw new StoreError("forbidden", "The store did not remove the object.");
  return { versionsDeleted, deleteMarkersDeleted: 0, unfinishedUploadsAborted: 0 };
}
