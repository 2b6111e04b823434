import { expect, test } from "vitest";
import { parseEnv } from "@/lib/core/env";

const whole = {
  SSO_ISSUER: "https://login.example.com/realms/company",
  SSO_CLIENT_ID: "custodia",
  SSO_CLIENT_SECRET: "0123456789abcdef",
};

const parsed = (settings: Record<string, string>) => parseEnv({ ...process.env, ...settings });

test("single sign-on is off without settings, also with empty ones", () => {
  const { SSO_ISSUER, SSO_CLIENT_SECRET } = parsed({ SSO_ISSUER: "", SSO_CLIENT_ID: "", SSO_CLIENT_SECRET: "" });
  expect([SSO_ISSUER, SSO_CLIENT_SECRET]).toEqual([undefined, undefined]);
});

test("issuer, client and secret are enough; scopes and parameters are read", () => {
  const more = { SSO_SCOPES: "openid  email", SSO_AUTHORIZATION_PARAMETERS: "access_type=offline&prompt=consent" };
  expect(parsed({ ...whole, ...more })).toMatchObject({
    ...whole,
    SSO_SCOPES: ["openid", "email"],
    SSO_AUTHORIZATION_PARAMETERS: { access_type: "offline", prompt: "consent" },
    SSO_EMAIL_VERIFIED_CLAIM: "email_verified",
  });
});

test.each([
  ["SSO_CLIENT_SECRET: is needed with SSO_ISSUER", { ...whole, SSO_CLIENT_SECRET: "" }],
  ["SSO_ISSUER: is needed with SSO_CLIENT_ID", { ...whole, SSO_ISSUER: "" }],
  ["SSO_ISSUER: must begin with https://", { ...whole, SSO_ISSUER: "http://login.example.com" }],
  [
    "SSO_ISSUER: is the issuer, without",
    { ...whole, SSO_ISSUER: "https://x.example/.well-known/openid-configuration" },
  ],
  ["SSO_ISSUER: must not have a query", { ...whole, SSO_ISSUER: "https://x.example/?a=1" }],
  ["SSO_CLIENT_SECRET: needs at least 16 characters", { ...whole, SSO_CLIENT_SECRET: "curto" }],
  ['SSO_MFA_ACR: must not contain "0"', { ...whole, SSO_MFA_ACR: "2 0" }],
  ["SSO_SCOPES: must contain openid", { ...whole, SSO_SCOPES: "email" }],
  ["SSO_AUTHORIZATION_PARAMETERS: must not set state", { ...whole, SSO_AUTHORIZATION_PARAMETERS: "state=x" }],
])("refuses, in a line: %s", (line, settings) => {
  expect(() => parsed(settings)).toThrow(line);
});
