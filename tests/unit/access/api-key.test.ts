import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { generateApiKey, hashApiKey, parseApiKey } from "@/lib/access/service-accounts/api-key";

test("a key is 256 random bits behind a public prefix, and its format is recognised", () => {
  const keys = Array.from({ length: 500 }, generateApiKey);
  for (const { text, prefix, hash } of keys) {
    expect(text).toMatch(/^cust_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    expect(text.startsWith(`${prefix}_`)).toBe(true);
    expect(Buffer.from(text.slice(14), "base64url")).toHaveLength(32);
    expect(hash).toEqual(createHash("sha256").update(text).digest());
    expect(hash).toEqual(hashApiKey(text));
    expect(parseApiKey(text)).toBe(text);
  }
  expect(new Set(keys.map(({ text }) => text.slice(14))).size).toBe(500);
});

const { text } = generateApiKey();

test.each([
  "",
  "cust_",
  text.slice(0, -1),
  `${text}A`,
  `${text}\n`,
  ` ${text}`,
  text.toUpperCase(),
  text.replace("cust_", "prod_"),
  text.replace(/.$/, "B"), // not what 32 bytes encode to
  text.replace(/_[^_]/, "_é"),
])("refuses %j as a key", (other) => {
  expect(parseApiKey(other)).toBeNull();
});

test("refuses any other text as a key", () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (other) => parseApiKey(other) === null));
});
