import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { exportType, type ExportEnd, type ExportHeader, type ExportProof } from "@/lib/audit/export/export-format";
import type { ExportPlan } from "@/lib/audit/export/export-plan";
import { ExportSections } from "@/lib/audit/export/export-sections";
import { signCanonical, currentSigningKey, signingKeys } from "@/lib/audit/signing-keys";
import type { Database } from "@/lib/db/client";
import { env } from "@/lib/core/env";
import { and } from "drizzle-orm";
import { canonicalEvent, eventTextsColumn } from "@/lib/operation/canonical-event";
import { quoteLiteral, rangeLines, readEventTexts } from "@/lib/audit/event-stream";
import { eventConditions, filterTexts, inLogOrder, isInRange, type EventFilters } from "@/lib/audit/event-filters";
import { MerkleProver, leafHash } from "@/lib/audit/merkle-tree";
import {
  readLeaves,
  readSealedEpochs,
  readSeals,
  type SealRange,
  signedSealOf,
  type SealRow,
} from "@/lib/audit/seal-row";
import { auditEvents } from "@/lib/db/schema/audit";

/** A part of an export, with its counts of events and seals. */
type ExportPart = { bytes: Buffer; events: number; seals: number };

/** Writes an export piece by piece, as fast as it is read, in constant memory. */
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

async function* partsOf(db: Database, plan: ExportPlan): AsyncGenerator<ExportPart> {
  const { scope, firstSeal, lastSeal, filters } = plan;
  if (firstSeal === null || lastSeal === null) return;
  const range = { fromSequence: firstSeal, toSequence: lastSeal };
  const sections = new ExportSections(db, plan);
  yield* scope === "batches" ? wholeBatches(db, range, sections) : selectedEvents(db, range, filters, sections);
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
    filters: filterTexts(filters),
    firstSeal,
    lastSeal,
    publicKeys: Object.fromEntries(pems),
  };
}

function jsonLine(value: unknown): Buffer {
  return Buffer.from(`${canonicalize(value)}\n`);
}

function sealLine(row: SealRow): string {
  return `${canonicalize(signedSealOf(row))}\n`;
}

/** Each seal followed by its events. */
async function* wholeBatches(db: Database, range: SealRange, sections: ExportSections): AsyncGenerator<ExportPart> {
  for (const { epoch, transactionFrom, transactionTo } of await readSealedEpochs(db, range)) {
    const where =
      `epoch = ${quoteLiteral(epoch)} and transaction_id >= '${transactionFrom}' and ` +
      `transaction_id < '${transactionTo}'`;
    yield* interleave(readSeals(db, range, epoch), rangeLines(db.$client, where), sections);
  }
}

/**
 * Puts each seal's line before its events. If events were deleted, there are fewer lines than the seal states: the
 * verifier reports that.
 */
async function* interleave(
  seals: AsyncGenerator<SealRow>,
  rows: AsyncGenerator<string[]>,
  sections: ExportSections,
): AsyncGenerator<ExportPart> {
  let expected = 0;
  for await (const lines of rows) {
    const part = { text: "", events: lines.length, seals: 0 };
    for (const line of lines) {
      if (expected === 0) {
        const { value: seal } = await seals.next();
        if (!seal) throw new Error("the range has more events than its seals cover; verify the log");
        expected = seal.eventCount;
        part.text += (await sections.before(seal)) + sealLine(seal);
        part.seals += 1;
      }
      part.text += `${exportedLine(line)}\n`;
      expected -= 1;
    }
    yield { bytes: Buffer.from(part.text), events: part.events, seals: part.seals };
  }
  for await (const seal of seals) {
    const text = (await sections.before(seal)) + sealLine(seal);
    yield { bytes: Buffer.from(text), events: 0, seals: 1 };
  }
}

function exportedLine(line: string): string {
  const texts = readEventTexts(line);
  if (!texts) throw new Error("an event cannot be read; verify the log");
  return canonicalEvent(texts);
}

/** The matching events, each with the audit paths from its line to the signed roots of its seal and of the tree. */
async function* selectedEvents(
  db: Database,
  range: SealRange,
  filters: EventFilters,
  sections: ExportSections,
): AsyncGenerator<ExportPart> {
  for await (const seal of readSeals(db, range)) {
    const lines = await matchingLines(db, seal, filters);
    if (lines.length === 0) continue;
    const leaves = await readLeaves(db, seal.sequence);
    const places = new Map(leaves.map((leaf, index) => [leaf, index]));
    const prover = new MerkleProver(leaves);
    const section = await sections.before(seal);
    const inTree = await sections.prover(seal, leaves);
    const texts = lines.map((line) => {
      const index = places.get(leafHash(line)) ?? -1;
      const proof: ExportProof = { index, path: prover.proof(index) };
      if (inTree) proof.tree = inTree.proof(index);
      return `${line}\n${canonicalize({ proof })}\n`;
    });
    yield { bytes: Buffer.from(section + sealLine(seal) + texts.join("")), events: lines.length, seals: 1 };
  }
}

async function matchingLines(db: Database, seal: SealRow, filters: EventFilters): Promise<string[]> {
  const rows = await db
    .select({ texts: eventTextsColumn })
    .from(auditEvents)
    .where(and(isInRange(seal), eventConditions(filters)))
    .orderBy(...inLogOrder);
  return rows.map((row) => canonicalEvent(row.texts));
}
