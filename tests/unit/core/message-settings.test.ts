import { describe, expect, test } from "vitest";
import { parseEnv } from "@/lib/core/env";

const parse = (changes: Record<string, string>) => parseEnv({ ...process.env, MAIL_FROM: "a@example.com", ...changes });

test("nothing is set by default, and an empty line is nothing", () => {
  const { SMTP_URL, MAIL_FROM, SMTP_CA_FILE, MESSAGE_CONTENT_DAYS } = parseEnv({ ...process.env, SMTP_URL: "" });
  expect({ SMTP_URL, MAIL_FROM, SMTP_CA_FILE, MESSAGE_CONTENT_DAYS }).toEqual({ MESSAGE_CONTENT_DAYS: 30 });
});

test.each([
  ["smtps://mail.example.com", { host: "mail.example.com", port: 465, isTlsFromStart: true, auth: null }],
  ["smtp://[::1]:2525/", { host: "::1", port: 2525, isTlsFromStart: false, auth: null }],
  [
    "smtp://portal%40example.com:s3nha%2Fdo%40correio@mail.example.com",
    {
      ...{ host: "mail.example.com", port: 587, isTlsFromStart: false },
      auth: { user: "portal@example.com", pass: "s3nha/do@correio" },
    },
  ],
])("reads %s", (url, server) => {
  expect(parse({ SMTP_URL: url }).SMTP_URL).toEqual(server);
});

test.each([
  ["privacidade@example.com", { name: null, address: "privacidade@example.com" }],
  ["Encarregada <privacidade@example.com>", { name: "Encarregada", address: "privacidade@example.com" }],
  ['"Silva, Ana" <ana@example.com>', { name: "Silva, Ana", address: "ana@example.com" }],
])("reads the sender %s", (text, sender) => {
  expect(parse({ MAIL_FROM: text }).MAIL_FROM).toEqual(sender);
});

test("reads the secrets of a gateway: the present one, and the one that it replaces", () => {
  const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);
  expect(parse({ SMS_GATEWAY_SECRETS: secrets.join(", ") }).SMS_GATEWAY_SECRETS).toEqual(secrets);
});

describe("refuses, without the value", () => {
  test.each([
    ["SMTP_URL", "https://user:hidden@mail.example.com"],
    ["SMTP_URL", "smtp://user@mail.example.com"],
    ["SMTP_URL", "smtp://user:hidden@mail.example.com?tls.rejectUnauthorized=false"],
    ["SMTP_URL", "smtp://user:hidden%ZZ@mail.example.com"],
    ["SMTP_URL", "mail.example.com:587"],
    ["MAIL_FROM", "not an address"],
    ["MAIL_FROM", "a@example.com, b@example.com"],
    ["SMTP_CA_FILE", "relative/ca.pem"],
    ["MESSAGE_CONTENT_DAYS", "0"],
    ["SMS_GATEWAY_URL", "http://gateway.example.com/sms"],
    ["VOICE_GATEWAY_URL", "https://user:hidden@gateway.example.com/"],
    ["SMS_GATEWAY_SECRETS", "whsec_hidden"],
    ["VOICE_GATEWAY_SECRETS", `hidden${"A".repeat(40)}`],
  ])("%s=%s", (name, value) => {
    const refusal = (() => {
      try {
        return JSON.stringify(parse({ [name]: value }));
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(refusal).toContain(`  ${name}: `);
    expect(refusal).not.toContain("Invalid input");
    if (value.length > 5) expect(refusal).not.toContain(value);
    expect(refusal).not.toContain("hidden");
  });

  test("a gateway without a secret", () => {
    expect(() => parse({ SMS_GATEWAY_URL: "https://gateway.example.com/sms" })).toThrow(
      "SMS_GATEWAY_SECRETS: is needed",
    );
    expect(() => parse({ VOICE_GATEWAY_URL: "http://127.0.0.1:9/call" })).toThrow("VOICE_GATEWAY_SECRETS: is needed");
  });

  test("a server without a sender", () => {
    expect(() => parse({ SMTP_URL: "smtps://mail.example.com", MAIL_FROM: "" })).toThrow("MAIL_FROM: is needed");
  });
});
