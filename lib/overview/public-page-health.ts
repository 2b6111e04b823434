import { z } from "zod";
import { query } from "@/lib/operation/operation";
import { usedLimits } from "@/lib/subject-requests/public-page/used-limits";

/** The limits of the public page that turn people away now, for the notice on every page. */
export const readPublicPageHealth = query({
  permission: "subject-request:read-limits",
  input: z.object({}),
  run: async ({ db }) => ({ usedLimits: await usedLimits(db) }),
});
