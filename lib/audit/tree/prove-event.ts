import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { proveEvents } from "@/lib/audit/event-prover";
import { rootFromProof } from "@/lib/audit/merkle-tree";
import { readCheckpointRow, type CheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { StoredTree } from "@/lib/audit/tree/stored-tree";
import { inclusionPath } from "@/lib/audit/tree/tree-proof";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditEvents } from "@/lib/db/schema/audit";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Proves that one event is in the log's tree as of its newest checkpoint: a C2SP tlog-proof, with the event's line as
 * its extra data. Records an export of one event.
 * @throws AppError `not_found`: no such event, or it was sealed before there was a tree; `not_sealed_yet`.
 */
export const proveEvent = command({
  permission: "audit-event:export",
  input: z.object({ eventId: z.uuid() }),
  audits: ["audit_log.exported"],
  prepare: async ({ db, input: { eventId } }) => {
    const [proven] = await proveEvents(db, eq(auditEvents.id, eventId));
    const { sequence, eventCount } = proven?.seal.seal ?? { sequence: 0, eventCount: 0 };
    const row = await readCheckpointRow(db, sequence);
    if (!proven || !row) throw new AppError("not_found", "no such event in a tree; an export proves older ones");
    const newest = await newestOf(db, row.firstSeal);
    const index = row.size - eventCount + proven.index;
    const path = await inclusionPath(new StoredTree(db, row), index, newest.size);
    if (rootFromProof(proven.leaf, index, newest.size, path) !== newest.root.toString("hex"))
      throw new Error("the event does not lead to the signed root; run: npm run audit -- verify");
    return { sequence, proof: proofText(proven.line, index, path, newest.note) };
  },
  run: async ({ prepared: { sequence, proof } }) => ({
    result: { proof },
    audits: [
      auditEvent("audit_log.exported", {
        details: { scope: "selection", firstSeal: sequence, lastSeal: sequence, events: 1 },
      }),
    ],
  }),
});

async function newestOf(db: ReadDatabase, firstSeal: number): Promise<CheckpointRow> {
  const { sequence } = auditCheckpoints;
  const ofTree = eq(auditCheckpoints.firstSeal, firstSeal);
  const [row] = await db.select().from(auditCheckpoints).where(ofTree).orderBy(desc(sequence)).limit(1);
  return row!;
}

/** A C2SP tlog-proof. */
export function proofText(line: string, index: number, path: readonly string[], note: string): string {
  const hashes = path.map((hash) => `${Buffer.from(hash, "hex").toString("base64")}\n`);
  const extra = Buffer.from(line).toString("base64");
  return `c2sp.org/tlog-proof@v1\nextra ${extra}\nindex ${index}\n${hashes.join("")}\n${note}`;
}
