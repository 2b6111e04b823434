import { describe, expect, test } from "vitest";
import { parseEnv } from "@/lib/core/env";

const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const url = "https://siem.example.com/custodia";
const parse = (changes: Record<string, string>) => parseEnv({ ...process.env, ...changes });

test("nothing is sent by default, and no secret has a default", () => {
  const { SIEM_STREAM_URL, SIEM_STREAM_SECRETS, SIEM_STREAM_HEADERS } = parse({ SIEM_STREAM_URL: "" });
  expect([SIEM_STREAM_URL, SIEM_STREAM_SECRETS, SIEM_STREAM_HEADERS]).toEqual([undefined, undefined, undefined]);
});

test("a webhook needs a secret; OTLP needs none", () => {
  expect(() => parse({ SIEM_STREAM_URL: url })).toThrow("SIEM_STREAM_SECRETS: is needed with SIEM_STREAM_URL");
  expect(parse({ SIEM_STREAM_URL: url, SIEM_STREAM_SECRETS: secret }).SIEM_STREAM_FORMAT).toBe("webhook");
  expect(parse({ SIEM_STREAM_URL: url, SIEM_STREAM_FORMAT: "otlp" }).SIEM_STREAM_URL).toBe(url);
});

test("headers are read as OpenTelemetry writes them", () => {
  const SIEM_STREAM_HEADERS = "authorization=Bearer%20a%3Db, x-tenant=one";
  expect(parse({ SIEM_STREAM_HEADERS }).SIEM_STREAM_HEADERS).toEqual({
    authorization: "Bearer a=b",
    "x-tenant": "one",
  });
});

describe("refuses, without the value", () => {
  test.each([
    ["SIEM_STREAM_URL", "http://siem.example.com/hidden"],
    ["SIEM_STREAM_URL", "https://user:hidden@siem.example.com"],
    ["SIEM_STREAM_FORMAT", "hidden"],
    ["SIEM_STREAM_SECRETS", "hidden"],
    ["SIEM_STREAM_HEADERS", "hidden"],
    ["SIEM_STREAM_HEADERS", "authorization=hidden%ZZ"],
    ["SIEM_STREAM_HEADERS", "authorization=hidden%0d%0ax: y"],
    ["SIEM_STREAM_HEADERS", "a b=hidden"],
    ["SIEM_STREAM_HEADERS", "Content-Type=hidden"],
  ])("%s", (name, value) => {
    const error = (() => {
      try {
        return parse({ [name]: value });
      } catch (thrown) {
        return thrown as Error;
      }
    })() as Error;
    expect(error.message).toContain(`${name}: `);
    expect(error.message).not.toContain("hidden");
  });
});
