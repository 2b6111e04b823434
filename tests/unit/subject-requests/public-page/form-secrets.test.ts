import { expect, it } from "vitest";
import { z } from "zod";
import {
  followUpDigest,
  formSecrets,
  presentFollowUpCode,
  readFollowUpCode,
} from "@/lib/subject-requests/public-page/form-secrets";

const key = "00112233445566778899aabbccddeeff";

it("gives the same form the same request and code, and another form others", () => {
  const [first, other] = [formSecrets(key), formSecrets(key.replace("0", "1"))];
  expect(formSecrets(key)).toEqual(first);
  expect(z.uuid().safeParse(first.requestId).success).toBe(true);
  expect([other.requestId, other.followUpCode]).not.toContain(first.requestId);
  expect(other.followUpCode).not.toBe(first.followUpCode);
  expect(first.followUpCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
});

it("reads a code as people type it", () => {
  const { followUpCode: code } = formSecrets(key);
  const shown = presentFollowUpCode(code);
  expect(shown).toMatch(/^.{4}-.{4}-.{4}$/);
  for (const typed of [shown, code.toLowerCase(), shown.replaceAll("-", " "), ` ${shown}`])
    expect(readFollowUpCode(typed)).toBe(code);
  expect(readFollowUpCode("OIL0-abcd-efgh")).toBe("0110ABCDEFGH");
});

it.each(["", "ABCD-EFGH", "ABCD-EFGH-JKMN-P", "ABCD-EFGH-JKM!", "UUUU-UUUU-UUUU"])("takes %j for no code", (text) => {
  expect(readFollowUpCode(text)).toBeNull();
});

it("keeps a keyed digest, which does not hold the code", () => {
  const { followUpCode: code } = formSecrets(key);
  expect(followUpDigest(code).length).toBe(32);
  expect(followUpDigest(code).equals(followUpDigest(code.replace(/.$/, "0")))).toBe(code.endsWith("0"));
});
