import { desc } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { oversightSettings, type reportSchedules, type OversightThresholds } from "@/lib/db/schema/audit-reports";
import { isLocale, type Locale } from "@/lib/i18n/locales";

export type OversightSettings = {
  schedules: (typeof reportSchedules)[number][];
  locale: Locale;
  /** Minutes of the day, half-open. */
  workFrom: number;
  workTo: number;
  thresholds: OversightThresholds;
};

/** Until somebody changes them: a report each month. */
export const standardSettings: OversightSettings = {
  schedules: ["monthly"],
  locale: "pt-BR",
  workFrom: 7 * 60,
  workTo: 20 * 60,
  thresholds: { manyAccesses: 30, sameNumber: 10, offHours: 3, refusals: 10, numberSearches: 50, largeExport: 100_000 },
};

export const thresholdNames = Object.keys(standardSettings.thresholds) as (keyof OversightThresholds)[];

/** Minutes of the day as a form has them: "07:30". */
export const timeText = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** The settings in force. */
export async function readSettings(db: ReadDatabase): Promise<OversightSettings> {
  const { createdAt, id } = oversightSettings;
  const [row] = await db.select().from(oversightSettings).orderBy(desc(createdAt), desc(id)).limit(1);
  if (!row) return standardSettings;
  const { schedules, locale, workFrom, workTo, thresholds } = row;
  return {
    ...{ schedules, workFrom, workTo, locale: isLocale(locale) ? locale : "pt-BR" },
    thresholds: { ...standardSettings.thresholds, ...thresholds },
  };
}
