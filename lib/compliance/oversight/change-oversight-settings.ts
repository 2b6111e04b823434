import { sql } from "drizzle-orm";
import { z } from "zod";
import {
  readSettings,
  thresholdNames,
  timeText,
  type OversightSettings,
} from "@/lib/compliance/oversight/oversight-settings";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { oversightSettings } from "@/lib/db/schema";
import { reportSchedules, type OversightThresholds } from "@/lib/db/schema/audit-reports";
import { locales } from "@/lib/i18n/locales";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** A time of a form: "07:30"; "24:00" is the end of the day. */
const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const threshold = z.coerce.number().int().min(1).max(100_000_000);

const thresholds = z.object(
  Object.fromEntries(thresholdNames.map((name) => [name, threshold.optional()])) as Record<
    keyof OversightThresholds,
    z.ZodOptional<typeof threshold>
  >,
);

/** A form sends what it changes; the rest stays as it is. */
const input = z
  .object({
    /** `none` stands for an empty list, which a form cannot send. */
    schedules: z.array(z.enum([...reportSchedules, "none"])).optional(),
    locale: z.enum(locales).optional(),
    workFrom: timeOfDay.optional(),
    workTo: timeOfDay.optional(),
  })
  .extend(thresholds.shape)
  .superRefine(({ workFrom, workTo }, context) => {
    if (workFrom !== undefined && workTo !== undefined && workFrom >= workTo)
      context.addIssue({ code: "custom", path: ["workTo"], message: "before_start" });
  });

/** Changes which reports are made, and from when on figures count as much. Without a difference nothing changes. */
export const changeOversightSettings = command({
  permission: "oversight:configure",
  input,
  audits: ["oversight.settings_changed"],
  run: async ({ tx, actor, input: given }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia oversight'))`);
    const before = await readSettings(tx);
    const after = changedBy(before, given);
    const changed = differences(before, after);
    if (Object.keys(changed).length === 0) return { result: null, unchanged: true as const };
    await tx.insert(oversightSettings).values({ id: newId(), changedById: actor.userId, ...after });
    return { result: null, audits: [auditEvent("oversight.settings_changed", { details: changed })] };
  },
});

function changedBy(before: OversightSettings, given: z.output<typeof input>): OversightSettings {
  const { schedules, locale = before.locale, workFrom = before.workFrom, workTo = before.workTo, ...numbers } = given;
  const chosen = reportSchedules.filter((schedule) => schedules?.includes(schedule));
  if (workFrom >= workTo)
    throw new AppError("invalid_input", "hours", { fields: [{ path: "workTo", reason: "before_start" }] });
  const set = Object.entries(numbers).filter(([, value]) => value !== undefined) as [string, number][];
  return {
    ...{ schedules: schedules ? chosen : before.schedules, locale, workFrom, workTo },
    thresholds: { ...before.thresholds, ...Object.fromEntries(set) },
  };
}

/** What differs, as the event says it. */
function differences(before: OversightSettings, after: OversightSettings) {
  const flat = ({ thresholds: numbers, schedules, locale, workFrom, workTo }: OversightSettings) => ({
    ...{ locale, ...numbers, schedules: schedules.toSorted() },
    ...{ workFrom: timeText(workFrom), workTo: timeText(workTo) },
  });
  const [from, to] = [flat(before), flat(after)];
  const names = Object.keys(to) as (keyof typeof to)[];
  return Object.fromEntries(
    names.filter((name) => String(from[name]) !== String(to[name])).map((name) => [name, to[name]]),
  );
}
