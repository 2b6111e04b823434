import { z } from "zod";
import { secureAddressProblem } from "@/lib/core/secure-address";

const unset = z.literal("").transform(() => undefined);

/** The issuer as its discovery document names it, letter by letter. */
const issuer = z.string().superRefine((address, context) => {
  const problem = secureAddressProblem(address);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
  else if (new URL(address).search !== "" || new URL(address).hash !== "")
    context.addIssue({ code: "custom", message: "must not have a query or fragment" });
  else if (address.includes("/.well-known/"))
    context.addIssue({ code: "custom", message: "is the issuer, without /.well-known/openid-configuration" });
});

const scopes = z
  .string()
  .transform((text) => [...new Set(text.trim().split(/\s+/))])
  .refine((list) => list.includes("openid"), "must contain openid")
  .refine((list) => list.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)), "is not a list of scopes");

/** What the portal itself decides of a request to the provider. */
const ownParameters = [
  ...["client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge"],
  ...["code_challenge_method", "max_age", "request", "request_uri", "client_secret"],
];

const parameters = z.string().transform((text, context): Record<string, string> => {
  const read = Object.fromEntries(new URLSearchParams(text));
  const own = Object.keys(read).find((name) => name === "" || ownParameters.includes(name));
  if (own === undefined) return read;
  context.addIssue({ code: "custom", message: `must not set ${own || "a parameter without a name"}` });
  return z.NEVER;
});

/** Single sign-on with OpenID Connect. Without SSO_ISSUER there is none. */
export const ssoSettings = {
  SSO_ISSUER: unset.or(issuer).optional(),
  SSO_CLIENT_ID: unset.or(z.string().regex(/^[\x20-\x7e]{1,255}$/, "is not a client id")).optional(),
  SSO_CLIENT_SECRET: unset.or(z.string().min(16, "needs at least 16 characters")).optional(),
  SSO_SCOPES: unset.or(scopes).optional(),
  SSO_AUTHORIZATION_PARAMETERS: unset.or(parameters).optional(),
  /** Values of `acr` that mean several factors. "0" means the opposite (OpenID Connect Core, 2). */
  SSO_MFA_ACR: z
    .string()
    .default("")
    .transform((text) => text.split(/\s+/).filter(Boolean))
    .refine((values) => !values.includes("0"), 'must not contain "0", which proves nothing'),
  SSO_EMAIL_VERIFIED_CLAIM: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, "is not the name of a claim")
    .default("email_verified"),
};

const together = ["SSO_ISSUER", "SSO_CLIENT_ID", "SSO_CLIENT_SECRET"] as const;

/** Settings that are missing beside others: their names, and those that need them. */
export const missingSsoSettings = (settings: Partial<Record<(typeof together)[number], unknown>>) =>
  together.flatMap((name) =>
    together
      .filter((needed) => settings[name] !== undefined && settings[needed] === undefined)
      .map((needed) => [name, needed] as const),
  );
