import { z } from "zod";
import { query } from "@/lib/operation/operation";
import { deadlines } from "@/lib/subject-requests/deadlines";
import { requestSettings } from "@/lib/subject-requests/request-settings";

/** The rights that a person may ask for, each with its deadline. */
export const readPublicRights = query({
  permission: "subject-request:submit",
  input: z.object({}),
  run: async ({ db }) => deadlines(await requestSettings(db)),
});

export type PublicRights = Awaited<ReturnType<typeof readPublicRights>>;
