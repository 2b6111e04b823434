import { and, eq, isNull } from "drizzle-orm";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import type { Transaction } from "@/lib/db/client";
import { agents, queues, units } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { UploadRequest } from "@/lib/uploads/upload-request";

/**
 * Finds the unit of a call by its code, how it dials, and its queue and agent, which are created when first named.
 * @throws AppError `unknown_unit`.
 */
export async function findCallParties(
  tx: Transaction,
  request: Pick<UploadRequest, "unit" | "queue" | "agent" | "agentName">,
) {
  const { id, areaCode, outsidePrefix } = units;
  const [unit] = await tx.select({ id, areaCode, outsidePrefix }).from(units).where(eq(units.code, request.unit));
  if (!unit)
    throw new AppError("unknown_unit", "no unit has this code", { fields: [{ path: "unit", reason: "unknown" }] });
  return {
    unitId: unit.id,
    dialling: { areaCode: unit.areaCode, outsidePrefix: unit.outsidePrefix },
    queueId: request.queue ? await findOrCreate(tx, queues, unit.id, request.queue) : null,
    agentId: request.agent ? await findAgent(tx, unit.id, request.agent, request.agentName ?? null) : null,
  };
}

async function findAgent(tx: Transaction, unitId: string, code: string, name: string | null): Promise<string> {
  const agentId = await findOrCreate(tx, agents, unitId, code);
  if (name) {
    const nameEncrypted = encryptField("agent.name", name);
    await tx
      .update(agents)
      .set({ nameEncrypted })
      .where(and(eq(agents.id, agentId), isNull(agents.nameEncrypted)));
  }
  return agentId;
}

/** Concurrent calls that name a new code get the same row. */
async function findOrCreate(
  tx: Transaction,
  table: typeof queues | typeof agents,
  unitId: string,
  code: string,
): Promise<string> {
  const find = () =>
    tx
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.unitId, unitId), eq(table.code, code)));
  const [found] = await find();
  if (found) return found.id;
  const [created] = await tx
    .insert(table)
    .values({ id: newId(), unitId, code })
    .onConflictDoNothing()
    .returning({ id: table.id });
  return created?.id ?? (await find())[0]!.id;
}
