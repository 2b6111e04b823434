import { deactivateRetentionPolicy } from "@/lib/retention/policies/deactivate-retention-policy";
import type { Period } from "@/lib/retention/policies/policy-terms";
import { readRetentionPolicy } from "@/lib/retention/policies/read-retention-policy";
import { updateRetentionPolicy } from "@/lib/retention/policies/update-retention-policy";
import { admin, row } from "./recordings";
import { policyTerms } from "./policies";
import type { OperationContext } from "@/lib/operation/operation";

export const inDays = (value: number): Period => ({ value, unit: "day" });

export const readPolicy = async (policyId: string) => (await readRetentionPolicy(admin(), { policyId })).policy;

type Changes = Parameters<typeof policyTerms>[1];

/** Changes some terms of a policy, as it is now. */
export async function changeTerms(
  policyId: string,
  changes: Changes,
  { acknowledgedDue = 0, by = admin() }: { acknowledgedDue?: number; by?: OperationContext } = {},
) {
  const { version, ...terms } = await readPolicy(policyId);
  return updateRetentionPolicy(by, {
    policyId,
    version,
    terms: policyTerms(1, { ...terms, ...changes, match: { ...terms.match, ...changes?.match } }),
    reason: "Teste",
    acknowledgedDue,
  });
}

export const setDays = (policyId: string, days: number, acknowledgedDue = 0) =>
  changeTerms(policyId, { period: inDays(days) }, { acknowledgedDue });

export async function endPolicy(
  policyId: string,
  { acknowledgedDue = 0, by = admin() }: { acknowledgedDue?: number; by?: OperationContext } = {},
) {
  return deactivateRetentionPolicy(by, {
    policyId,
    version: (await readPolicy(policyId)).version,
    reason: "Teste",
    acknowledgedDue,
  });
}

/** The policy and version that give the deletion date, and the date. */
export async function dates(id: string) {
  const { retentionPolicyId, retentionPolicyVersion, retainUntil } = await row(id);
  return { policyId: retentionPolicyId, version: retentionPolicyVersion, until: retainUntil };
}
