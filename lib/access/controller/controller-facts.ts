import { desc, lte } from "drizzle-orm";
import { defaultLimits } from "@/lib/access/sessions/session-limits";
import { pick } from "@/lib/core/pick";
import type { ReadDatabase } from "@/lib/db/client";
import { controllerVersions } from "@/lib/db/schema";

/** What a change of the controller's settings may change. */
export const factNames = [
  "legalName",
  "tradeName",
  "cnpj",
  "address",
  "email",
  "phone",
  "privacyNoticeUrl",
  "deadlineTimeZone",
  "officerName",
  "officerFirm",
  "contactEmail",
  "contactPhone",
  "officerAppointment",
  "officerAppointedOn",
  "officerUserId",
  "substituteName",
  "substituteAppointment",
  "substituteAppointedOn",
  "substituteUserId",
  "approverUserId",
  "smallAgent",
  "smallAgentReason",
  "idleMinutesPrivileged",
  "idleMinutesOthers",
  "maxSessions",
] as const;

export type FactName = (typeof factNames)[number];
export type ControllerFacts = Pick<typeof controllerVersions.$inferSelect, FactName>;

/** Before the first version: nothing is known, and no privilege is assumed. */
export const noFacts: ControllerFacts = {
  ...(Object.fromEntries(factNames.map((name) => [name, null])) as unknown as ControllerFacts),
  legalName: "",
  deadlineTimeZone: "America/Sao_Paulo",
  smallAgent: false,
  ...defaultLimits,
};

/**
 * The version of the controller's settings in force; version 0 without a time before the first.
 * @param at the version in force at this time instead of now.
 */
export async function currentController(
  db: ReadDatabase,
  at?: Date,
): Promise<{ version: number; createdAt: Date | null; facts: ControllerFacts }> {
  const { version, createdAt } = controllerVersions;
  const [row] = await db
    .select()
    .from(controllerVersions)
    .where(at && lte(createdAt, at))
    .orderBy(desc(version))
    .limit(1);
  if (!row) return { version: 0, createdAt: null, facts: noFacts };
  return { version: row.version, createdAt: row.createdAt, facts: pick(row, ...factNames) };
}

/** The facts in which two versions differ. */
export const changedFacts = (before: ControllerFacts, after: ControllerFacts): FactName[] =>
  factNames.filter((name) => before[name] !== after[name]);
