import { stat } from "node:fs/promises";
import { sidecarMissing, type FileDescriber } from "@/lib/upload-client/describe-file";
import { importEntry, type ImportResult } from "@/lib/upload-client/import-recordings";
import type { PortalClient } from "@/lib/upload-client/portal-client";
import { putRefusedAside, putStoredAside } from "@/lib/upload-client/spool";

export type SpoolOptions = {
  describe: FileDescriber;
  /** Remove what is stored instead of keeping it under `.stored`. */
  removeStored: boolean;
  signal: AbortSignal;
};

/** Uploads one finished file of a spool and puts it aside: stored ones after the portal said so. Null when it is not there (any more). */
export async function takeSpoolFile(client: PortalClient, spool: string, file: string, options: SpoolOptions): Promise<ImportResult | null> {
  const before = await stat(file).catch(() => null);
  if (!before) return null;
  const entry = await options.describe(file, 0);
  const result = await importEntry(client, entry, options.signal);
  if (options.signal.aborted) return result;
  if (result.outcome === "failed" && result.problem === sidecarMissing) return { ...result, mayPass: true };
  try {
    return await putAside(spool, file, before.mtimeMs, result, options);
  } catch (error) {
    return { ...result, outcome: "failed", problem: `putting aside: ${(error as NodeJS.ErrnoException).code ?? "failed"}`, mayPass: true };
  }
}

async function putAside(spool: string, file: string, mtimeMs: number, result: ImportResult, options: SpoolOptions): Promise<ImportResult> {
  if (result.mayPass) return result;
  if (result.outcome === "failed" || result.outcome === "already_deleted") {
    await putRefusedAside(spool, file, result.problem ?? result.outcome);
    return result;
  }
  // Written to while it was sent: what lies here is not what was stored.
  if ((await stat(file)).mtimeMs !== mtimeMs) return { ...result, outcome: "failed", problem: "file: written to while it was sent", mayPass: true };
  await putStoredAside(spool, file, { remove: options.removeStored });
  return result;
}
