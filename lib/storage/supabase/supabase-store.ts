import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";
import {
  assertByteRange,
  assertDownloadRequest,
  assertListLimit,
  assertPutOptions,
  assertUploadRequest,
  CONTROL_OBJECT_KEY,
} from "@/lib/storage/check-requests";
import { linkExpiry } from "@/lib/storage/link-expiry";
import { assertKeyPrefix, assertObjectKey } from "@/lib/storage/object-key";
import type * as Port from "@/lib/storage/object-store";
import { readStartInTwo } from "@/lib/storage/read-start";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";
import { listSupabaseObjects } from "@/lib/storage/supabase/list-supabase-objects";
import { findObject } from "@/lib/storage/supabase/find-object";
import { putSupabaseObject } from "@/lib/storage/supabase/put-supabase-object";
import { readSupabaseRange } from "@/lib/storage/supabase/read-supabase-range";
import { answered, openSupabaseBucket, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";
import { z } from "zod";
import type { DeletionCounts } from "@/lib/storage/object-store";

/** Measured on server 1.11: it verifies no checksum, reports no encryption, and keeps one version of an object. */
const SUPABASE_CAPABILITIES: Omit<StoreCapabilities, "maxUploadBytes"> = {
  sha256Verified: false,
  sha256Reported: false,
  conditionalWrite: false,
  encryption: [],
  versioning: false,
  objectLock: false,
  multipart: false,
  signedVersion: false,
  maxLinkSeconds: 7 * 24 * 3600,
};

/**
 * Supabase Storage, by its own protocol and never by its S3 endpoint, which answers calls that it does not know by
 * replacing or deleting objects. Keys go into addresses as they are: only what `assertObjectKey` allows is ever sent.
 */
export class SupabaseStore implements Port.ObjectStore {
  readonly name = "supabase";
  readonly capabilities: StoreCapabilities;
  readonly takesUnencrypted = false;
  readonly multipart = null;
  readonly legalHold = null;
  readonly #bucket: SupabaseBucket;

  constructor(config: SupabaseStoreConfig) {
    this.capabilities = { ...SUPABASE_CAPABILITIES, maxUploadBytes: config.maxUploadBytes };
    this.#bucket = openSupabaseBucket(config);
  }

  /**
   * The link is for the key alone: size, type and hash are not part of it, its life is the server's, and it works more
   * than once.
   */
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

  /**
   * The server answers with the stored type, whatever type is asked for; of the disposition only the name of a download
   * is kept.
   */
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

  async put(
    key: string,
    body: Uint8Array | ReadableStream<Uint8Array>,
    options: Port.PutOptions,
  ): Promise<Port.StoredObject> {
    assertObjectKey(key);
    assertPutOptions(options, this.capabilities);
    return putSupabaseObject(this.#bucket, key, body, options);
  }

  async head(key: string, versionId?: string): Promise<Port.ObjectFacts | null> {
    assertObjectKey(key);
    assertNoVersion(versionId);
    return findObject(this.#bucket, key);
  }

  readStart(key: string, count: number): Promise<Port.ObjectStart | null> {
    return readStartInTwo(this, key, count);
  }

  async readRange(key: string, range: Port.ByteRange, options: Port.ReadOptions = {}): Promise<Port.ObjectRange> {
    assertObjectKey(key);
    assertByteRange(range);
    assertNoVersion(options.versionId);
    return readSupabaseRange(this.#bucket, key, range, options);
  }

  async list(request: Port.ListRequest): Promise<Port.ObjectPage> {
    assertKeyPrefix(request.prefix);
    assertListLimit(request.limit);
    return listSupabaseObjects(this.#bucket, request);
  }

  /** Moves within the bucket. Nothing is replaced: `already_exists`; a source that is gone: `not_found`. */
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
      versions: (await findObject(this.#bucket, key)) ? 1 : 0,
      deleteMarkers: 0,
      unfinishedUploads: 0,
    };
    return { key, absent: found.versions === 0, found, controlKey: CONTROL_OBJECT_KEY, checkedAt: new Date() };
  }
}

/** The server ignores a version id and gives what there is now. */
function assertNoVersion(versionId: string | undefined): void {
  if (versionId !== undefined) throw new StoreError("not_supported", "This store has no versions.");
}

const claims = z.object({ exp: z.number().int().positive() });

/**
 * When an upload token really ends: its life is the server's setting (a minute self-hosted, two hours hosted) and
 * cannot be asked for.
 * @throws StoreError `integrity` for a token without an end.
 */
export function uploadTokenEnd(token: string): Date {
  try {
    const { exp } = claims.parse(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
    return new Date(exp * 1000);
  } catch (error) {
    throw new StoreError("integrity", "The store gave an upload ticket that does not say when it ends.", {
      cause: error,
    });
  }
}

/**
 * Removes the object of exactly this key. The server answers with the rows it removed and with none when it may not:
 * nothing counts as removed without its row, and no row counts as "there was none" before the store has shown that it
 * would let us see it.
 * @throws StoreError `forbidden` when the object is still there.
 */
export async function deleteSupabaseObject(target: SupabaseBucket, key: string): Promise<DeletionCounts> {
  const removed = await answered(target.files.remove([key]));
  const versionsDeleted = removed.filter(({ name }) => name === key).length;
  if (versionsDeleted === 0 && (await findObject(target, key)))
    throw new StoreError("forbidden", "The store did not remove the object.");
  return { versionsDeleted, deleteMarkersDeleted: 0, unfinishedUploadsAborted: 0 };
}
