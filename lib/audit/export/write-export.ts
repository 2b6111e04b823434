import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { exportType, type ExportEnd, type ExportHeader } from "@/lib/audit/export/export-format";
import type { ExportPlan } from "@/lib/audit/export/plan-export";
import { selectedEvents, wholeBatches, type ExportPart } from "@/lib/audit/export/export-parts";
import { signCanonical } from "@/lib/audit/signed-json";
import { currentSigningKey, signingKeys } from "@/lib/audit/signing-keys";
import type { Database } from "@/lib/db/client";
import { env } from "@/lib/core/env";

/** Writes an export piece by piece, as fast as it is read; memory does not grow with the events. */
export async function* writeExport(db: Database, plan: ExportPlan): AsyncGenerator<Buffer> {
  const sha256 = createHash("sha256");
  const hashed = (bytes: Buffer) => {
    sha256.update(bytes);
    return bytes;
  };
  const totals = { events: 0, seals: 0 };
  yield hashed(jsonLine({ export: headerOf(plan) }));
  for await (const part of partsOf(db, plan)) {
    totals.events += part.events;
    totals.seals += part.seals;
    yield hashed(part.bytes);
  }
  const { id: signingKeyId, privateKey } = currentSigningKey();
  const end: ExportEnd = {
    type: "custodia.audit-export-end.v1",
    ...totals,
    sha256: sha256.digest("hex"),
    signingKeyId,
  };
  yield jsonLine({ end, signature: signCanonical(end, privateKey) });
}

async function* partsOf(db: Database, { scope, firstSeal, lastSeal, filters }: ExportPlan): AsyncGenerator<ExportPart> {
  if (firstSeal === null || lastSeal === null) return;
  const range = { fromSequence: firstSeal, toSequence: lastSeal };
  yield* scope === "batches" ? wholeBatches(db, range) : selectedEvents(db, range, filters);
}

function headerOf({ scope, filters, firstSeal, lastSeal }: ExportPlan): ExportHeader {
  const pems = signingKeys().map(({ id, publicKey }) => [
    id,
    publicKey.export({ type: "spki", format: "pem" }).toString(),
  ]);
  return {
    type: exportType,
    createdAt: new Date().toISOString(),
    controller: env().CONTROLLER_NAME,
    scope,
    filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >,
    firstSeal,
    lastSeal,
    publicKeys: Object.fromEntries(pems),
  };
}

function jsonLine(value: unknown): Buffer {
  return Buffer.from(`${canonicalize(value)}\n`);
}
