import { and, asc, eq } from "drizzle-orm";
import { expect } from "vitest";
import type { Actor, Principal, Role, UserActor } from "@/lib/operation/actor";
import { hashPassword } from "@/lib/access/sign-in/passwords";
import { database } from "@/lib/db/client";
import { auditEvents, sessions, units, userUnits, users } from "@/lib/db/schema";
import type { ErrorCode } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { giveSecondFactor, hasSecondFactorByDefault } from "./second-factor";

export const knownPassword = "jabuticaba-no-telhado-7";

let passwordHash: Promise<string> | undefined;

export type Person = { actor: UserActor; context: OperationContext; userId: string; email: string };

/** A user with an open session, as the sign-in would leave them. */
export async function person(
  role: Role,
  { unitIds = [], name = `Pessoa ${role}` }: { unitIds?: string[]; name?: string } = {},
): Promise<Person> {
  const userId = newId();
  const email = `${userId}@empresa.example`;
  await database()
    .insert(users)
    .values({ id: userId, email, name, role, passwordHash: await (passwordHash ??= hashPassword(knownPassword)) });
  if (unitIds.length > 0)
    await database()
      .insert(userUnits)
      .values(unitIds.map((unitId) => ({ userId, unitId })));
  if (hasSecondFactorByDefault(role)) await giveSecondFactor(userId);
  const actor: UserActor = {
    type: "user",
    userId,
    role,
    unitIds,
    sessionId: await openSession(userId),
    hasFreshProof: true,
  };
  return { actor, context: contextOf(actor), userId, email };
}

export async function openSession(userId: string): Promise<string> {
  const id = newId();
  await database()
    .insert(sessions)
    .values({ id, userId, expiresAt: new Date(Date.now() + 3_600_000) });
  return id;
}

export async function unit(code = `u-${newId()}`): Promise<string> {
  const id = newId();
  await database()
    .insert(units)
    .values({ id, code, name: `Unidade ${code}`, timeZone: "America/Sao_Paulo" });
  return id;
}

export function contextOf(actor: Actor): OperationContext {
  return { actor, requestId: newId(), ipAddress: null };
}

/** An actor of this principal. */
export async function someone(principal: Principal): Promise<OperationContext> {
  if (principal === "anonymous") return contextOf({ type: "anonymous" });
  if (principal === "job") return contextOf({ type: "job", name: "retention" });
  if (principal === "service") return contextOf({ type: "service", serviceAccountId: newId(), apiKeyId: newId() });
  return (await person(principal, { unitIds: principal === "supervisor" ? [await unit()] : [] })).context;
}

/** The events of one request, in order. */
export async function eventsOf({ requestId }: OperationContext) {
  const { action, outcome, targetType, targetId, actorId, details } = auditEvents;
  return database()
    .select({ action, outcome, targetType, targetId, actorId, details })
    .from(auditEvents)
    .where(eq(auditEvents.requestId, requestId))
    .orderBy(asc(auditEvents.writerSequence));
}

/** Expects a refusal with this code; with `fields`, exactly these paths and reasons. */
export async function expectRefusal(
  work: Promise<unknown>,
  code: ErrorCode,
  fields?: Record<string, string>,
): Promise<void> {
  const error = await work.then(
    () => expect.fail(`expected ${code}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "AppError", code });
  if (fields)
    expect(
      Object.fromEntries(
        (error as { details: { fields: { path: string; reason: string }[] } }).details.fields.map(
          ({ path, reason }) => [path, reason],
        ),
      ),
    ).toEqual(fields);
}

export async function isOpen(sessionId: string): Promise<boolean> {
  const [row] = await database()
    .select({ endedAt: sessions.endedAt })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId)));
  return row !== undefined && row.endedAt === null;
}
