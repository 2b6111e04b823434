import { desc, max } from "drizzle-orm";
import { z } from "zod";
import { signingKeys } from "@/lib/audit/signing-keys";
import { verifierKey } from "@/lib/core/crypto/verifier-key";
import { auditCheckpoints } from "@/lib/db/schema/audit";
import { query } from "@/lib/operation/operation";

/** The public keys as verifiers of checkpoints take them (C2SP vkey), for each tree, the newest first. */
export const readVerifierKeys = query({
  permission: "audit:read-public-keys",
  input: z.object({}),
  run: async ({ db }) => {
    const { origin, sequence } = auditCheckpoints;
    const newest = desc(max(sequence));
    const trees = await db.select({ origin }).from(auditCheckpoints).groupBy(origin).orderBy(newest);
    return trees.flatMap((tree) => signingKeys().map(({ publicKey }) => verifierKey(tree.origin, publicKey)));
  },
});
