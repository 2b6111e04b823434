import { singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { roles, type Role } from "@/lib/operation/actor";

/** E-mail addresses are stored in lower case, as the sign-in compares them. */
export const emailInput = z.string().trim().toLowerCase().pipe(z.email().max(254));

export const personNameInput = singleLine(120);

export const roleInput = z.enum(roles);

/** Duplicates are removed; the order has no meaning. */
export const unitIdsInput = z
  .array(z.uuid())
  .max(500)
  .default([])
  .transform((ids) => [...new Set(ids)].sort());

/** Supervisors have at least one unit. Other roles have none, because they are not limited to units. */
export function checkUnits({ role, unitIds }: { role: Role; unitIds: string[] }, context: z.RefinementCtx): void {
  if (role === "supervisor" && unitIds.length === 0)
    context.addIssue({ code: "custom", path: ["unitIds"], message: "units_required" });
  if (role !== "supervisor" && unitIds.length > 0)
    context.addIssue({ code: "custom", path: ["unitIds"], message: "units_not_allowed" });
}
