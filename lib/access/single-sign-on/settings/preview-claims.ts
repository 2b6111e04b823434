import { z } from "zod";
import type { Claims } from "@/lib/access/single-sign-on/ask-provider";
import { roleOfClaims } from "@/lib/access/single-sign-on/claims/role-of-claims";
import { readRules } from "@/lib/access/single-sign-on/claims/rule-rows";
import { query } from "@/lib/operation/operation";

/** Claims as a person writes them: a JSON object, or lines of `name: value`, of which names may repeat. */
const writtenClaims = z
  .string()
  .max(20_000)
  .transform((text, context): Claims => {
    const claims = text.trim().startsWith("{") ? readJson(text) : readLines(text);
    if (claims !== null) return claims;
    context.addIssue({ code: "custom", message: "claims_unreadable" });
    return z.NEVER;
  });

function readJson(text: string): Claims | null {
  try {
    return JSON.parse(text) as Claims;
  } catch {
    return null;
  }
}

function readLines(text: string): Claims | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const pairs = lines.map((line) => /^\s*(\S(?:.*?\S)?)\s*[:=]\s+(.*\S)\s*$/.exec(line));
  if (lines.length === 0 || pairs.includes(null)) return null;
  const claims: Record<string, string[]> = {};
  for (const pair of pairs) (claims[pair![1]!] ??= []).push(pair![2]!);
  return claims;
}

/** What a person with these claims would get now; null: they would be refused. Nothing is kept of them. */
export const previewClaims = query({
  permission: "single-sign-on:read",
  input: z.object({ claims: writtenClaims }),
  run: async ({ db, input: { claims } }) => ({ granted: roleOfClaims(await readRules(db), claims) }),
});

export type PreviewedClaims = Awaited<ReturnType<typeof previewClaims>>;
