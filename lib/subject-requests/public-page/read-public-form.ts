import { randomBytes } from "node:crypto";
import { z } from "zod";
import { answerForms, requesters } from "@/lib/db/schema/subject-request-words";
import { query } from "@/lib/operation/operation";
import { deadlines } from "@/lib/subject-requests/deadlines";
import { offeredAnswerChannels } from "@/lib/subject-requests/offered-channels";
import { workChallenge } from "@/lib/subject-requests/public-page/work-proof";
import { requestSettings } from "@/lib/subject-requests/request-settings";

/** What the public form shows: the clock of each right, a new key, and the work for the browser. Stores nothing. */
export const readPublicForm = query({
  permission: "subject-request:submit",
  input: z.object({}),
  run: async ({ db }) => ({
    deadlines: deadlines(await requestSettings(db)),
    choices: { requesters, answerChannels: offeredAnswerChannels(), answerForms },
    formKey: randomBytes(16).toString("hex"),
    challenge: await workChallenge(),
  }),
});

export type PublicFormPage = Awaited<ReturnType<typeof readPublicForm>>;
