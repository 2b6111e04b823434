import { z } from "zod";
import { assertSecureEndpoint } from "@/lib/storage/secure-endpoint";

/** A webhook URL: https, or http on the portal's own machine (loopback); without credentials. */
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
