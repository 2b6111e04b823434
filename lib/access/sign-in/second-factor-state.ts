import { sql, type SQL } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { users, type SecondFactorKind } from "@/lib/db/schema";
import type { Role } from "@/lib/operation/actor";

/** Roles whose people always need a second factor. A setting adds others (`second_factor_roles`). */
export const alwaysTwoStepRoles: readonly Role[] = ["admin", "dpo"];

// Names in text: drizzle leaves out the table of a column where only one table is selected from, also in a subquery.

/** Whether the person of a row of `users` has an authenticator app. */
export const hasTotp = sql<boolean>`exists (select from totp_factors as factor
  where factor.user_id = users.id and factor.confirmed_at is not null)`;

/** Whether the person of a row of `users` has a passkey. */
export const hasPasskey = sql<boolean>`exists (select from passkeys as passkey where passkey.user_id = users.id)`;

/** Whether the person of a row of `users` has a second factor. */
export const hasSecondFactor: SQL<boolean> = sql<boolean>`(${hasTotp} or ${hasPasskey})`;

/** Whether the role of a row of `users` needs a second factor. */
export const needsSecondFactor: SQL<boolean> = sql<boolean>`(users.role in ${alwaysTwoStepRoles}
  or exists (select from second_factor_roles as needed where needed.role = users.role))`;

/** The kinds of second factors that a person has. */
export async function factorKindsOf(tx: Transaction | ReadDatabase, userId: string): Promise<SecondFactorKind[]> {
  const [row] = await tx
    .select({ totp: hasTotp, passkey: hasPasskey })
    .from(users)
    .where(sql`${users.id} = ${userId}`);
  return (["totp", "passkey"] as const).filter((kind) => row?.[kind]);
}
