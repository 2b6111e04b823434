import { z } from "zod";
import { readSettings } from "@/lib/compliance/oversight/oversight-settings";
import { accessFigures } from "@/lib/compliance/reports/figures/access-figures";
import { eventFigures } from "@/lib/compliance/reports/figures/event-figures";
import { compared, type Figure, type Measured } from "@/lib/compliance/reports/figures/figure";
import { stateFigures } from "@/lib/compliance/reports/figures/state-figures";
import { periodBefore, type ReportPeriod } from "@/lib/compliance/reports/report-period";
import { calendarDay } from "@/lib/core/time";
import { query } from "@/lib/operation/operation";

/** All figures of a period, each beside that of the period before. Counted in the database. */
export const readFigures = query({
  permission: "audit-report:make",
  input: z.object({ from: calendarDay, to: calendarDay }),
  run: async ({ db, input: period }): Promise<Figure[]> => {
    const settings = await readSettings(db);
    const measure = async (of: ReportPeriod): Promise<Measured[]> => [
      ...(await eventFigures(db, of)),
      ...(await accessFigures(db, of, settings)),
      ...(await stateFigures(db, of)),
    ];
    return compared(await measure(period), await measure(periodBefore(period)));
  },
});
