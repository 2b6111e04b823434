import { z } from "zod";
import { optionalRoles, switchedRoles } from "@/lib/access/second-factor/second-factor-roles";
import { query } from "@/lib/operation/operation";

/** Which of the roles that need no second factor by themselves were switched on. */
export const readSecondFactorRoles = query({
  permission: "second-factor:read-roles",
  input: z.object({}),
  run: async ({ db }) => ({ optional: optionalRoles, switchedOn: await switchedRoles(db) }),
});
