import { count, eq, sql } from "drizzle-orm";
import type { FactSection } from "@/lib/compliance/facts/fact-section";
import type { ReadDatabase } from "@/lib/db/client";
import { serviceAccounts, users } from "@/lib/db/schema";
import { loadMessages } from "@/lib/i18n/namespaces";
import { roles, type Role } from "@/lib/operation/actor";
import { permissions } from "@/lib/operation/permissions";

/** How many people have which role, and the table of permissions. Names nobody. */
export async function accessSection(db: ReadDatabase): Promise<FactSection> {
  const { shell, codes } = await loadMessages("pt-BR");
  const active = sql<number>`(count(*) filter (where ${users.active}))::int`;
  const rows = await db.select({ role: users.role, people: count(), active }).from(users).groupBy(users.role);
  const services = await db.$count(serviceAccounts, eq(serviceAccounts.active, true));
  const peopleOf = (role: Role) => rows.find((row) => row.role === role) ?? { people: 0, active: 0 };
  const permissionWords: Record<string, string> = codes.permissions;
  const ofRole = (role: Role) =>
    Object.entries(permissions)
      .filter(([, allowed]) => (allowed as readonly string[]).includes(role))
      .map(([permission]) => permissionWords[permission] ?? permission);
  return {
    ...{ key: "access", title: "Acesso", source: "usuários, contas de serviço e tabela de permissões do portal" },
    rows: [
      ...roles.map((role): FactSection["rows"][number] => ({
        title: shell.roles[role],
        facts: [
          ["Pessoas ativas (de todas)", `${peopleOf(role).active} (${peopleOf(role).people})`],
          ["Permissões", ofRole(role).join("; ")],
        ],
      })),
      { title: "Sistemas", facts: [["Contas de serviço ativas", String(services)]] },
    ],
  };
}
