import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constantTimeEqual } from "@/lib/core/crypto/constant-time-equal";
import { hashPassword, maxPasswordLength, verifyPassword } from "@/lib/access/sign-in/passwords";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { decryptField, encryptField } from "@/lib/core/crypto/field-encryption";
import { findKey, parseKeyList } from "@/lib/core/crypto/key-list";
import { env } from "@/lib/core/env";

const base64 = (byte: number, length = 32) => Buffer.alloc(length, byte).toString("base64");

describe("a list of keys", () => {
  test("keeps its order and finds each key by its id", () => {
    const keys = parseKeyList(`k2:${base64(2)}, k1:${base64(1)}`, 32);
    expect(keys.map(({ id }) => id)).toEqual(["k2", "k1"]);
    expect(findKey(keys, "k1").secret).toEqual(Buffer.alloc(32, 1));
    expect(() => findKey(keys, "k0")).toThrow('no key "k0"');
  });
  test.each([
    "",
    "k1",
    `:${base64(1)}`,
    `K1:${base64(1)}`,
    `k1:${base64(1, 16)}`,
    `k1:${base64(1)},k1:${base64(2)}`,
    `k1:${base64(1)},`,
    "k1:%%%",
  ])("refuses %s; the message holds no key", (text) => {
    expect(() => parseKeyList(text, 32)).toThrow();
    try {
      parseKeyList(text, 32);
    } catch (error) {
      expect((error as Error).message).not.toContain(base64(1).slice(0, 8));
    }
  });
});

describe("an encrypted field", () => {
  test("decrypts to the same text, and no two ciphertexts are equal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const [first, second] = [encryptField("agent.name", text), encryptField("agent.name", text)];
        expect(decryptField("agent.name", first)).toBe(text);
        expect(first.equals(second)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
  test("does not decrypt in another column or with any changed bit", () => {
    const value = encryptField("recording.customer_number", "+5511987654321");
    expect(() => decryptField("agent.name", value)).toThrow();
    for (let index = 0; index < value.length; index += 1) {
      const altered = Buffer.from(value);
      altered[index]! ^= 1;
      expect(() => decryptField("recording.customer_number", altered), `byte ${index}`).toThrow();
    }
    for (const length of [0, 1, 5, value.length - 1])
      expect(() => decryptField("recording.customer_number", value.subarray(0, length))).toThrow();
  });
  test("names its key, so that old values stay readable after rotation", () => {
    const value = encryptField("agent.name", "Ana");
    const [{ id }] = env().FIELD_ENCRYPTION_KEYS;
    expect(value.subarray(2, 2 + value[1]!).toString()).toBe(id);
  });
});

test("a blind index is equal for equal values and purposes only", () => {
  expect(blindIndex("customer_number", "+55")).toEqual(blindIndex("customer_number", "+55"));
  expect(blindIndex("customer_number", "+55")).not.toEqual(blindIndex("customer_number_tail", "+55"));
  expect(blindIndex("customer_number", "+55")).not.toEqual(blindIndex("customer_number", "+56"));
  expect(blindIndex("customer_number", "+55")).toHaveLength(32);
});

test.each([
  ["a", "a", true],
  ["a", "b", false],
  ["a", "ab", false],
  ["", "", true],
  ["é", "e\u0301", false],
])("%j and %j are equal: %s", (left, right, equal) => expect(constantTimeEqual(left, right)).toBe(equal));

describe("a password", () => {
  test("is kept as argon2id with its own salt, and verified", async () => {
    const [first, second] = await Promise.all([hashPassword("jabuticaba é boa"), hashPassword("jabuticaba é boa")]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(await verifyPassword(first, "jabuticaba e\u0301 boa")).toBe(true);
    expect(await verifyPassword(first, "jabuticaba e boa")).toBe(false);
    expect(await verifyPassword(first, "x".repeat(maxPasswordLength + 1))).toBe(false);
    await expect(verifyPassword("no hash", "x")).rejects.toThrow();
  });
});
