import { z } from "zod";
import { assertSecureEndpoint } from "@/lib/storage/secure-endpoint";

/** Where a phone system hears: https, on its own machine (loopback) also http; without credentials in it. */
export const webhookAddress = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((address) => isSecure(address), "needs_https");

function isSecure(address: string): boolean {
  try {
    assertSecureEndpoint(address, "The address");
    return true;
  } catch {
    return false;
  }
}
