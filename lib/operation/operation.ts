import type { z } from "zod";
import { appendAuditEvents, recordAuditEvents } from "@/lib/operation/event-append";
import type { AuditAction } from "@/lib/operation/audit-actions";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { actorId, type Actor, type OperationContext } from "@/lib/operation/actor";
import { isAllowed, type Permission } from "@/lib/operation/permissions";
import { database, type ReadDatabase, type Transaction } from "@/lib/db/client";
import { onDatabase } from "@/lib/db/database-away";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";

export type { OperationContext };

type NonEmpty<T> = readonly [T, ...T[]];

/**
 * How a command ends. `unchanged`: nothing is logged: an idempotent repetition, or a step of an act that another
 * command logs.
 * `refusal` commits the state change and its events (a rejected upload, a locked account) and then throws.
 * `unrecorded`: the refusal exceeds the event quota; its counters are committed without an event.
 */
export type Outcome<Result, Action extends AuditAction> =
  | { result: Result; audits: NonEmpty<AuditEventInput<Action>> }
  | { result: Result; unchanged: true }
  | { refusal: AppError; audits: NonEmpty<AuditEventInput<Action>> }
  | { refusal: AppError; unrecorded: true };

/**
 * Ends a command: commits these events (and what `run` wrote), then throws the error. A function, because a literal
 * would add `undefined` to the inferred result.
 */
export function refuse<Action extends AuditAction>(
  refusal: AppError,
  ...audits: NonEmpty<AuditEventInput<Action>>
): { refusal: AppError; audits: NonEmpty<AuditEventInput<Action>> } {
  return { refusal, audits };
}

/** Like `refuse`, but without an event: the quota of the audit log is used up (`takeDenialQuota`). */
export function refuseUnrecorded(refusal: AppError): { refusal: AppError; unrecorded: true } {
  return { refusal, unrecorded: true };
}

type FreshProof<Input> = true | ((input: Input) => boolean);

type Step<Input> = { actor: Actor; input: Input; context: OperationContext };

type CommandDefinition<Schema extends z.ZodType, Actions extends readonly AuditAction[], Prepared, Result> = {
  permission: Permission;
  /** Refuses a person whose last proof of who they are is older than ten minutes: always, or for such an input. */
  freshProof?: FreshProof<z.output<Schema>>;
  input: Schema;
  /** Every kind of event that `run` may return. Empty: a step of an act that another command logs. */
  audits: Actions;
  /** Network calls and slow work before the transaction. */
  prepare?: (step: Step<z.output<Schema>> & { db: ReadDatabase }) => Promise<Prepared>;
  /** Returns without a transaction if `prepare` found nothing to change. Null continues with `run`. */
  unchanged?: (step: Step<z.output<Schema>> & { prepared: Prepared }) => { result: Result } | null;
  run: (
    step: Step<z.output<Schema>> & { tx: Transaction; prepared: Prepared },
  ) => Promise<Outcome<Result, Actions[number]>>;
  /** Network calls after a committed change. A failure is logged, and the reconcile job finishes the work. */
  afterCommit?: (step: Step<z.output<Schema>> & { prepared: Prepared; result: Result }) => Promise<void>;
  /** Like `afterCommit`, after a committed refusal. */
  afterRefusal?: (step: Step<z.output<Schema>> & { prepared: Prepared }) => Promise<void>;
};

type QueryDefinition<Schema extends z.ZodType, Result> = {
  permission: Permission;
  freshProof?: FreshProof<z.output<Schema>>;
  input: Schema;
  run: (step: Step<z.output<Schema>> & { db: ReadDatabase }) => Promise<Result>;
};

/** The metadata that the operation matrix test reads from each operation. */
export type OperationMetadata = {
  kind: "command" | "query";
  permission: Permission;
  audits: readonly AuditAction[];
  freshProof: "always" | "sometimes" | "never";
};

export type Operation<Input, Result> = ((context: OperationContext, input: Input) => Promise<Result>) & {
  operation: OperationMetadata;
};

/**
 * Defines a state change: authorises, parses, prepares, runs in one transaction with its audit events, commits all
 * or nothing.
 * @throws AppError `unauthenticated`, `forbidden`, `fresh_proof_needed`, `invalid_input`, `database_unavailable`, or
 * what `run` throws or refuses with.
 */
export function command<
  Schema extends z.ZodType,
  const Actions extends readonly AuditAction[],
  Result,
  Prepared = undefined,
>(definition: CommandDefinition<Schema, Actions, Prepared, Result>): Operation<z.input<Schema>, Result> {
  const { permission, audits } = definition;
  const execute = async (context: OperationContext, raw: z.input<Schema>): Promise<Result> => {
    const step = { actor: context.actor, input: await admit(context, definition, raw), context };
    const prepared = (await definition.prepare?.({ ...step, db: database() })) as Prepared;
    const unchanged = definition.unchanged?.({ ...step, prepared });
    if (unchanged) return unchanged.result;
    const outcome = await auditedTransaction(async (tx) => {
      const ended = await definition.run({ ...step, tx, prepared });
      if ("audits" in ended) await appendAuditEvents(tx, context, ended.audits);
      return ended;
    });
    if ("refusal" in outcome) {
      if (definition.afterRefusal)
        await finish(() => definition.afterRefusal!({ ...step, prepared }), permission, context);
      throw outcome.refusal;
    }
    if (definition.afterCommit)
      await finish(() => definition.afterCommit!({ ...step, prepared, result: outcome.result }), permission, context);
    return outcome.result;
  };
  const answer = (context: OperationContext, raw: z.input<Schema>) => onDatabase(() => execute(context, raw));
  const freshProof = howOften(definition.freshProof);
  return Object.assign(answer, { operation: { kind: "command" as const, permission, audits, freshProof } });
}

/**
 * Defines a read that writes no event. Reads that must write one (play, export) are commands.
 * @throws AppError `unauthenticated`, `forbidden`, `fresh_proof_needed`, `invalid_input`, `database_unavailable`, or
 * what `run` throws.
 */
export function query<Schema extends z.ZodType, Result>(
  definition: QueryDefinition<Schema, Result>,
): Operation<z.input<Schema>, Result> {
  const { permission } = definition;
  const execute = async (context: OperationContext, raw: z.input<Schema>): Promise<Result> => {
    const input = await admit(context, definition, raw);
    return definition.run({ actor: context.actor, input, context, db: database() });
  };
  const answer = (context: OperationContext, raw: z.input<Schema>) => onDatabase(() => execute(context, raw));
  const freshProof = howOften(definition.freshProof);
  return Object.assign(answer, { operation: { kind: "query" as const, permission, audits: [], freshProof } });
}

const howOften = (freshProof: true | ((input: never) => boolean) | undefined) =>
  freshProof === true ? ("always" as const) : freshProof ? ("sometimes" as const) : ("never" as const);

type Gate<Schema extends z.ZodType> = {
  permission: Permission;
  input: Schema;
  freshProof?: FreshProof<z.output<Schema>>;
};

/** What precedes each operation: who may, with which proof, with which input. */
async function admit<Schema extends z.ZodType>(
  context: OperationContext,
  { permission, input: schema, freshProof }: Gate<Schema>,
  raw: unknown,
): Promise<z.output<Schema>> {
  await authorise(context, permission);
  if (freshProof === true) requireFreshProof(context.actor);
  const input = parseInput(schema, raw);
  if (typeof freshProof === "function" && freshProof(input)) requireFreshProof(context.actor);
  return input;
}

/** @throws AppError `fresh_proof_needed`. Also for what an operation decides itself while it runs. */
export function requireFreshProof(actor: Actor): void {
  if (actor.type === "user" && !actor.hasFreshProof) throw new AppError("fresh_proof_needed");
}

/** Requests with a recorded denial. A page may run several operations; its visit is one denial, of the first. */
const deniedVisits = new WeakSet<OperationContext>();

async function authorise(context: OperationContext, permission: Permission): Promise<void> {
  if (isAllowed(context.actor, permission)) return refuseUnfinishedAccess(context.actor, permission);
  if (context.actor.type === "anonymous") throw new AppError("unauthenticated", `${permission} without a session`);
  if (!deniedVisits.has(context) && takeDenialQuota(actorId(context.actor)!)) {
    deniedVisits.add(context);
    const denial = auditEvent("access.denied", { outcome: "denied", details: { permission } });
    await recordAuditEvents(context, denial);
  }
  throw new AppError("forbidden", `${permission} denied`);
}

const allowedWithTemporaryPassword: readonly Permission[] = ["account:read", "account:update", "session:end"];

const allowedWithoutSecondFactor: readonly Permission[] = [
  ...allowedWithTemporaryPassword,
  "account:prove",
  "second-factor:enrol",
];

/** Who still has a temporary password changes it; then who needs a second factor enrols one; nothing else before. */
function refuseUnfinishedAccess(actor: Actor, permission: Permission): void {
  if (actor.type !== "user") return;
  if (actor.mustChangePassword && !allowedWithTemporaryPassword.includes(permission))
    throw new AppError("password_change_required");
  if (actor.mustEnrolSecondFactor && !allowedWithoutSecondFactor.includes(permission))
    throw new AppError("second_factor_required");
}

/** Checks the input of an operation, or one item of a batch. @throws AppError `invalid_input` with its fields. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success && !holdsNul(parsed.data)) return parsed.data;
  if (parsed.success) throw new AppError("invalid_input", "the text contains U+0000");
  const fields = parsed.error.issues.map((issue) => ({
    path: issue.path.join("."),
    reason: issue.code === "custom" ? issue.message : issue.code,
  }));
  throw new AppError("invalid_input", fields.map((field) => `${field.path}: ${field.reason}`).join("; "), { fields });
}

/** PostgreSQL's text cannot hold U+0000. Refused here once, instead of failing in a statement. */
function holdsNul(input: unknown): boolean {
  const waiting = [input];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string" && value.includes("\0")) return true;
    if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
      waiting.push(...(Object.values(value) as unknown[]));
  }
  return false;
}

async function finish(work: () => Promise<void>, permission: Permission, context: OperationContext): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error(
      { error, permission, requestId: context.requestId },
      "a step after the commit failed; reconciliation will repeat it",
    );
  }
}
