import canonicalize from "canonicalize";
import { and, asc, desc, eq, gt, gte, isNotNull, lte } from "drizzle-orm";
import type { ExportPlan } from "@/lib/audit/export/export-plan";
import type { ExportSection } from "@/lib/audit/export/export-format";
import { MerkleProver, type Surroundings } from "@/lib/audit/merkle-tree";
import type { SealRow } from "@/lib/audit/seal-row";
import { readCheckpointRow, readTreeStart, type CheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { LeavesMissing, StoredTree } from "@/lib/audit/tree/stored-tree";
import { rightHashes } from "@/lib/audit/tree/tree-proof";
import { log } from "@/lib/core/log";
import type { ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals } from "@/lib/db/schema/audit";

/** The tree of the present section, as of the checkpoint that the section holds. */
type SectionTree = { stored: StoredTree; checkpoint: CheckpointRow };

/**
 * Says where the seals of an export lie in the log's trees. The hashes are as true as the database; whoever verifies
 * the export compares what they give with the signed root.
 */
export class ExportSections {
  #lastSeal = 0;
  #tree: SectionTree | null = null;

  private readonly db: ReadDatabase;
  private readonly plan: Pick<ExportPlan, "scope" | "lastSeal">;

  constructor(db: ReadDatabase, plan: Pick<ExportPlan, "scope" | "lastSeal">) {
    this.db = db;
    this.plan = plan;
  }

  /** The lines that stand before a seal: none, unless a section begins with it. Seals are given in order. */
  async before({ sequence, eventCount }: SealRow): Promise<string> {
    if (sequence <= this.#lastSeal) return "";
    const row = await readCheckpointRow(this.db, sequence);
    if (!row) {
      this.#tree = null;
      this.#lastSeal = ((await this.#nextWithTree(sequence)) ?? Infinity) - 1;
      return line({ section: null });
    }
    const last = await this.#lastOf(row);
    this.#lastSeal = last.sequence;
    this.#tree = { stored: new StoredTree(this.db, row), checkpoint: await this.#published(last) };
    const isWhole = this.plan.scope === "batches";
    const begins = isWhole && row.firstSeal === sequence;
    const before = begins ? 0 : row.size - eventCount;
    const around = isWhole ? await surroundings(this.#tree, before, last.size) : null;
    const range = isWhole ? (around ?? { before, left: [], right: [] }) : null;
    const start = begins ? `${await readTreeStart(this.db, row.origin, sequence)}\n` : "";
    return (await sectionLine(this.db, this.#tree.checkpoint, range)) + start;
  }

  /** Proves events of a seal in the tree of its section; null if it has none. */
  async prover({ sequence, eventCount }: SealRow, leaves: readonly string[]): Promise<TreeProver | null> {
    const row = this.#tree && (await readCheckpointRow(this.db, sequence));
    if (!row) return null;
    const before = row.size - eventCount;
    const around = await surroundings(this.#tree!, before, row.size);
    // Leaves that were changed in the database do not fit.
    if (!around || leaves.length !== eventCount) return null;
    const prover = new MerkleProver(leaves, around);
    return { proof: (index) => ({ index: before + index, path: prover.proof(index) }) };
  }

  async #nextWithTree(after: number): Promise<number | undefined> {
    const { sequence } = auditCheckpoints;
    const rows = this.db.select({ sequence }).from(auditCheckpoints).where(gt(sequence, after));
    return (await rows.orderBy(asc(sequence)).limit(1))[0]?.sequence;
  }

  /** The last checkpoint of a tree in the export. */
  async #lastOf(row: CheckpointRow): Promise<CheckpointRow> {
    const { sequence, firstSeal } = auditCheckpoints;
    const inExport = and(eq(firstSeal, row.firstSeal), lte(sequence, this.plan.lastSeal!));
    const newest = desc(sequence);
    const [last] = await this.db.select().from(auditCheckpoints).where(inExport).orderBy(newest).limit(1);
    return last!;
  }

  /** The next checkpoint that others may have seen in the object store; else the given one. */
  async #published(last: CheckpointRow): Promise<CheckpointRow> {
    const { sequence, firstSeal, publishedAt } = auditCheckpoints;
    const later = and(eq(firstSeal, last.firstSeal), gte(sequence, last.sequence), isNotNull(publishedAt));
    const [seen] = await this.db.select().from(auditCheckpoints).where(later).orderBy(asc(sequence)).limit(1);
    return seen ?? last;
  }
}

export type TreeProver = { proof(index: number): { index: number; path: string[] } };

/** Of a database that lacks leaves: no hashes. The events are exported, and the verifier names what is wrong. */
async function surroundings(
  { stored, checkpoint }: SectionTree,
  before: number,
  end: number,
): Promise<Surroundings | null> {
  try {
    const left = before === 0 ? [] : await stored.frontier(before);
    return { before, left, right: await rightHashes(stored, end, checkpoint.size) };
  } catch (error) {
    if (!(error instanceof LeavesMissing)) throw error;
    log.error({ error, seal: checkpoint.sequence }, "ALARM: an export cannot be proven in the log's tree");
    return null;
  }
}

async function sectionLine(
  db: ReadDatabase,
  { sequence, origin, note }: CheckpointRow,
  range: Surroundings | null,
): Promise<string> {
  const { signingKeyId } = auditSeals;
  const [signed] = await db.select({ signingKeyId }).from(auditSeals).where(eq(auditSeals.sequence, sequence));
  const facts: Omit<ExportSection, "range"> = { origin, checkpoint: note, signingKeyId: signed!.signingKeyId };
  return line({ section: { ...facts, range } });
}

function line(value: unknown): string {
  return `${canonicalize(value)}\n`;
}
