import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { agents, queues, serviceAccounts, units } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { Actor } from "@/lib/operation/actor";
import { diallingColumns } from "@/lib/recordings/numbers/sender-dialling";
import { agentNameColumns } from "@/lib/recordings/agents/agent-name";
import type { Dialling } from "@/lib/core/numbers/dialled-digits";
import type { Settled } from "@/lib/operation/settled";
import type { UploadRequest } from "@/lib/uploads/upload-request";

type NamedParties = Pick<UploadRequest, "unit" | "queue" | "agent" | "agentName">;

export type CallParties = { unitId: string; queueId: string | null; agentId: string | null; dialling: Dialling };

/**
 * Finds the units of calls by their codes, how they dial, and their queues and agents, which are created when first
 * named. What the sender's account says of its dialling counts first. Refuses an item whose unit is unknown:
 * `unknown_unit`.
 */
export async function findCallParties(
  tx: Transaction,
  actor: Actor,
  calls: readonly NamedParties[],
): Promise<Settled<CallParties>[]> {
  const codes = [...new Set(calls.map(({ unit }) => unit))];
  const { id, code } = units;
  const isSender = actor.type === "service" ? eq(serviceAccounts.id, actor.serviceAccountId) : sql`false`;
  const found = await tx
    .select({ id, code, ...diallingColumns })
    .from(units)
    .leftJoin(serviceAccounts, isSender)
    .where(inArray(code, codes));
  const diallingOf = new Map(found.map(({ id, areaCode, outsidePrefix }) => [id, { areaCode, outsidePrefix }]));
  const unitIds = new Map(found.map(({ id, code }) => [code, id]));
  const known = calls.filter(({ unit }) => unitIds.has(unit));
  const named = (of: "queue" | "agent") =>
    known.flatMap((call) => (call[of] ? [{ unitId: unitIds.get(call.unit)!, code: call[of] }] : []));
  const queueIds = await findOrCreate(tx, queues, named("queue"));
  const agentIds = await findOrCreate(tx, agents, named("agent"));
  const idIn = (ids: Map<string, string>, unitId: string, code: string | null | undefined) =>
    code ? ids.get(keyOf({ unitId, code }))! : null;
  const names = new Map<string, string>();
  const parties = calls.map((call): Settled<CallParties> => {
    const unitId = unitIds.get(call.unit);
    if (!unitId) return { refusal: unknownUnit() };
    const agentId = idIn(agentIds, unitId, call.agent);
    if (agentId && call.agentName && !names.has(agentId)) names.set(agentId, call.agentName);
    const queueId = idIn(queueIds, unitId, call.queue);
    return { value: { unitId, queueId, agentId, dialling: diallingOf.get(unitId)! } };
  });
  await nameAgents(tx, names);
  return parties;
}

const unknownUnit = () =>
  new AppError("unknown_unit", "no unit has this code", { fields: [{ path: "unit", reason: "unknown" }] });

/** The first name that a phone system gives an agent stays. */
async function nameAgents(tx: Transaction, names: ReadonlyMap<string, string>): Promise<void> {
  for (const [agentId, name] of [...names].sort(([left], [right]) => (left < right ? -1 : 1))) {
    await tx
      .update(agents)
      .set(agentNameColumns(name))
      .where(and(eq(agents.id, agentId), isNull(agents.nameEncrypted)));
  }
}

type Named = { unitId: string; code: string };
const keyOf = ({ unitId, code }: Named) => `${unitId} ${code}`;

/** Ids by unit and code. Concurrent calls that name a new code get the same row. */
async function findOrCreate(
  tx: Transaction,
  table: typeof queues | typeof agents,
  named: readonly Named[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  // In one order for all: of two batches that create the same codes neither waits for the other in a circle.
  const asked = [...new Map(named.map((one) => [keyOf(one), one])).entries()].sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const missing = () => asked.filter(([key]) => !ids.has(key)).map(([, one]) => one);
  const find = async () => {
    const pairs = missing().map(({ unitId, code }) => sql`(${unitId}::uuid, ${code})`);
    if (pairs.length === 0) return;
    const rows = await tx
      .select({ id: table.id, unitId: table.unitId, code: table.code })
      .from(table)
      .where(sql`(${table.unitId}, ${table.code}) in (${sql.join(pairs, sql`, `)})`)
      .orderBy(asc(table.id));
    for (const { id, ...row } of rows) ids.set(keyOf(row), id);
  };
  await find();
  if (missing().length === 0) return ids;
  const created = await tx
    .insert(table)
    .values(missing().map((one) => ({ id: newId(), ...one })))
    .onConflictDoNothing()
    .returning({ id: table.id, unitId: table.unitId, code: table.code });
  for (const { id, ...row } of created) ids.set(keyOf(row), id);
  await find();
  return ids;
}
