import { z } from "zod";
import { anchorPrefix } from "@/lib/audit/anchor";
import { tlogPrefix } from "@/lib/audit/tree/tile-names";
import { counterPrefix } from "@/lib/audit/writer-counter";
import { nothingSeen, type PhaseScan } from "@/lib/store-scan/compare/scan-phase";
import { findUnknownKeys } from "@/lib/store-scan/compare/find-unknown-keys";
import type { FoundDiscrepancy } from "@/lib/store-scan/found-discrepancy";
import { ledgerPrefix } from "@/lib/deletion/ledger/ledger-entry";
import type { ObjectPage } from "@/lib/storage/object-facts";

export const recordingsPrefix = "recordings/";

/** Other objects of the portal in its store; each kind has its own check. */
const ownPrefixes = [anchorPrefix, tlogPrefix, counterPrefix, ledgerPrefix, "custodia-control/", "custodia-check/"];

const perPage = 1000;

const position = z.object({ store: z.string(), cursor: z.string().optional() });

/** Lists the primary and each copy in pages, and finds objects without a row, also under keys of deleted recordings. */
export const scanObjects: PhaseScan = async ({ context, stores, minimumAgeMs }, { cursor }) => {
  const at = cursor === null ? null : position.parse(JSON.parse(cursor));
  // If the copy is no longer configured, start again: the order of the rest may have changed.
  const known = stores.findIndex(({ name }) => name === at?.store);
  const index = Math.max(0, known);
  const store = stores[index]!;
  const page = await store.list({ prefix: "", cursor: known < 0 ? undefined : at?.cursor, limit: perPage });
  const settled = page.objects.filter(
    ({ key, lastModified }) =>
      !ownPrefixes.some((prefix) => key.startsWith(prefix)) && lastModified.getTime() <= Date.now() - minimumAgeMs,
  );
  const unknown = new Map(
    (await findUnknownKeys(context, { keys: settled.map(({ key }) => key) })).map(({ key, recordingId }) => [
      key,
      recordingId,
    ]),
  );
  const found = settled
    .filter(({ key }) => unknown.has(key))
    .map((object) => orphan(object, store.name, unknown.get(object.key)!));
  return { ...nothingSeen, found, objects: page.objects.length, nextCursor: next(stores, index, page) };
};

function orphan(
  { key, sizeBytes }: ObjectPage["objects"][number],
  store: string,
  recordingId: string | null,
): FoundDiscrepancy {
  const place = key.startsWith(recordingsPrefix) ? "recordings" : "other";
  return {
    kind: "object_without_recording",
    objectKey: key,
    recordingId: null,
    facts: { store, place, sizeBytes, ofRecording: recordingId },
  };
}

function next(stores: readonly { name: string }[], index: number, { nextCursor }: ObjectPage): string | null {
  if (nextCursor !== null) return JSON.stringify({ store: stores[index]!.name, cursor: nextCursor });
  const following = stores[index + 1];
  return following ? JSON.stringify({ store: following.name }) : null;
}
