import { z } from "zod";
import { localDateTime } from "@/lib/core/time";
import { answerForms, requestChannels, requesters } from "@/lib/db/schema/subject-request-words";
import { query } from "@/lib/operation/operation";
import { deadlines } from "@/lib/subject-requests/deadlines";
import { offeredAnswerChannels } from "@/lib/subject-requests/offered-channels";
import { requestSettings } from "@/lib/subject-requests/request-settings";
import { readDatabaseTime } from "@/lib/db/database-time";

/** What the form of the intake shows: the clock of each right, and the time in the zone in which they count. */
export const readIntake = query({
  permission: "subject-request:register",
  input: z.object({}),
  run: async ({ db }) => {
    const settings = await requestSettings(db);
    return {
      deadlines: deadlines(settings),
      /** What may be chosen in the form. The public form alone has the channel `web`. */
      choices: {
        channels: requestChannels.filter((channel) => channel !== "web"),
        requesters,
        answerChannels: offeredAnswerChannels(),
        answerForms,
      },
      timeZone: settings.timeZone,
      /** "2026-11-29T14:05", in `timeZone`. */
      now: localDateTime(await readDatabaseTime(db), settings.timeZone).slice(0, 16),
    };
  },
});

export type Intake = Awaited<ReturnType<typeof readIntake>>;
