import { z } from "zod";
import { publicKeysPem } from "@/lib/audit/signing-keys";
import { query } from "@/lib/operation/operation";

/** The public halves of the keys that sign seals, as PEM. */
export const readPublicKeysPem = query({
  permission: "audit:read-public-keys",
  input: z.object({}),
  run: async () => publicKeysPem(),
});
