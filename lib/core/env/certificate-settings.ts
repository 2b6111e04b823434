import { z } from "zod";

const unset = z.literal("").transform(() => undefined);

/** A PKCS#12 file in base64 begins with an ASN.1 sequence ("M"); a path begins with a slash. */
const pkcs12 = z
  .string()
  .regex(/^(\/[^\0]+|M[A-Za-z0-9+/]+={0,2})$/, "is neither an absolute path nor a PKCS#12 file in base64");

/** The company's own certificate, which signs letters. Without it only the installation's key signs them. */
export const certificateSettings = {
  COMPANY_CERTIFICATE: unset.or(pkcs12).optional(),
  COMPANY_CERTIFICATE_PASSWORD: unset.or(z.string()).optional(),
};
