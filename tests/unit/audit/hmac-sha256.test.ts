import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HmacSha256 } from "@/lib/audit/verify/hmac-check";

const bytes = (value: number, count: number) => Buffer.alloc(count, value);

describe("HMAC-SHA-256 of many texts", () => {
  // RFC 4231, 4.2 to 4.4, 4.7 and 4.8: those whose data are text or can be.
  it.each([
    [bytes(0x0b, 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      Buffer.from("Jefe"),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      bytes(0xaa, 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ])("is that of RFC 4231: %#", (secret, text, expected) => {
    expect(new HmacSha256(secret).digest(text)).toBe(expected);
  });

  it("is that of Node.js for any key and texts, one after the other", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 150 }).map((secret) => Buffer.from(secret)),
        fc.array(fc.string({ unit: "binary" }), { maxLength: 5 }),
        fc.integer({ min: 4000, max: 20_000 }),
        (secret, short, length) => {
          const hmac = new HmacSha256(secret);
          const texts = [...short, "é".repeat(length), ...short];
          for (const text of texts)
            expect(hmac.digest(text)).toBe(createHmac("sha256", secret).update(text).digest("hex"));
        },
      ),
      { numRuns: 30 },
    );
  });
});
