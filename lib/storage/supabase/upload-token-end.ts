import { z } from "zod";
import { StoreError } from "@/lib/storage/store-error";

const claims = z.object({ exp: z.number().int().positive() });

/**
 * When an upload token really ends: its life is the server's setting (a minute self-hosted, two hours hosted) and cannot be asked for.
 * @throws StoreError `integrity` for a token without an end.
 */
export function uploadTokenEnd(token: string): Date {
  try {
    const { exp } = claims.parse(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
    return new Date(exp * 1000);
  } catch (error) {
    throw new StoreError("integrity", "The store gave an upload ticket that does not say when it ends.", {
      cause: error,
    });
  }
}
