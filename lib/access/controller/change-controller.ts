import { sql } from "drizzle-orm";
import { z } from "zod";
import {
  changedFacts,
  currentController,
  factNames,
  type ControllerFacts,
} from "@/lib/access/controller/controller-facts";
import { checkController, controllerInput } from "@/lib/access/controller/controller-input";
import { linkedAccounts, mayBeLinked, type AccountFact } from "@/lib/access/controller/officer-accounts";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { pick } from "@/lib/core/pick";
import type { Transaction } from "@/lib/db/client";
import { controllerVersions } from "@/lib/db/schema";
import { actorId } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const input = z
  .object({
    /** The `version` that the form was loaded with; 0 before the first. */
    version: z.coerce.number().int().min(0).max(1_000_000_000),
    ...controllerInput,
  })
  .superRefine(checkController);

/**
 * Says who the controller and its encarregado are, as a new version; earlier versions stay. The same facts again change
 * nothing, whatever version they name: a form that was sent twice.
 * @throws AppError `conflict` (somebody else saved meanwhile), `invalid_input` (a linked account has another role)
 */
export const changeController = command({
  permission: "controller:write",
  input,
  audits: ["controller.changed"],
  run: async ({ tx, actor, input: { version: read, ...sent } }) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia controller'))`);
    const before = await currentController(tx);
    const facts = pick(sent.smallAgent ? sent : { ...sent, smallAgentReason: null }, ...factNames);
    const changed = changedFacts(before.facts, facts);
    if (changed.length === 0) return { result: { version: before.version }, unchanged: true as const };
    if (before.version !== read) throw new AppError("conflict", "controller changed meanwhile");
    await refuseOtherAccounts(tx, facts);
    const [id, version] = [newId(), read + 1];
    await tx.insert(controllerVersions).values({ id, version, createdById: actorId(actor)!, ...facts });
    const details = { version, changed, smallAgent: facts.smallAgent };
    return {
      result: { version },
      audits: [auditEvent("controller.changed", { target: { type: "controller", id }, details })],
    };
  },
});

/** @throws AppError `invalid_input` if a linked account is not active, or of another role. */
async function refuseOtherAccounts(tx: Transaction, facts: ControllerFacts): Promise<void> {
  const accounts = await linkedAccounts(tx, facts);
  const isOther = (fact: AccountFact) =>
    facts[fact] !== null && !accounts.some((account) => account.id === facts[fact] && mayBeLinked(fact, account));
  const fields = (["officerUserId", "substituteUserId", "approverUserId"] as const)
    .filter(isOther)
    .map((path) => ({ path, reason: path === "approverUserId" ? "not_an_admin" : "not_a_dpo" }));
  if (fields.length > 0) throw new AppError("invalid_input", "linked account", { fields });
}
