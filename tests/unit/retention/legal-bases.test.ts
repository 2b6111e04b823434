import { expect, test } from "vitest";
import { answers } from "@/lib/db/schema/recording-words";
import { isOffered, legalBases, offeredBases } from "@/lib/retention/policies/legal-bases";

test("sensitive content has the bases of Art. 11 alone; without it all are offered", () => {
  expect(offeredBases("yes").every((basis) => basis.startsWith("art11_"))).toBe(true);
  expect(offeredBases("yes")).toHaveLength(8);
  for (const answer of answers.filter((other) => other !== "yes")) expect(offeredBases(answer)).toEqual(legalBases);
});

test("a basis of Art. 7 is none for sensitive content; a policy without one is not blamed", () => {
  expect(isOffered("art7_ix", "yes")).toBe(false);
  expect(isOffered("art7_ix", "no")).toBe(true);
  expect(isOffered("art11_ii_a", "yes")).toBe(true);
  expect(isOffered(null, "yes")).toBe(true);
});
