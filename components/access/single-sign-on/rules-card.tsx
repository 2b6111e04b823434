"use client";

import { useTranslations } from "next-intl";
import { AddRule } from "@/components/access/single-sign-on/add-rule";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRegion, TableRow } from "@/components/ui/table";
import type { UnitOption } from "@/components/access/users/unit-choice";
import type { RoleRule } from "@/lib/access/single-sign-on/claims/role-of-claims";
import type { Role } from "@/lib/operation/actor";

type RuleAction = FormAction<{ ruleId: string }>;

export type RulesCardProps = {
  rules: readonly RoleRule[];
  units: readonly UnitOption[];
  roles: readonly Role[];
  /** Undefined for readers who may not change rows. */
  actions?: { add: RuleAction; remove: RuleAction };
};

/** The table from claims to roles, with the rule of the strongest match in words. */
export function RulesCard({ rules, units, roles, actions }: RulesCardProps) {
  const t = useTranslations("settings.singleSignOn.rules");
  const add = actions ? <AddRule action={actions.add} units={units} roles={roles} /> : null;
  return (
    <Card aria-labelledby="rules">
      <CardHeader id="rules" title={t("title")} description={t("description")} actions={add} />
      <CardBody>
        <p>{t("strongest")}</p>
      </CardBody>
      {rules.length > 0 ? (
        <RulesTable rules={rules} units={units} remove={actions?.remove} />
      ) : (
        <EmptyState title={t("emptyTitle")} description={t("empty")} />
      )}
    </Card>
  );
}

type RulesTableProps = Pick<RulesCardProps, "rules" | "units"> & { remove?: RuleAction };

function RulesTable({ rules, units, remove }: RulesTableProps) {
  const t = useTranslations("settings.singleSignOn.rules");
  const roleName = useTranslations("shell.roles");
  const nameOf = (id: string) => units.find((unit) => unit.id === id)?.name ?? id;
  return (
    <TableRegion label={t("table")}>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{t("claim")}</TableHeader>
            <TableHeader>{t("value")}</TableHeader>
            <TableHeader>{t("role")}</TableHeader>
            <TableHeader>{t("units")}</TableHeader>
            {remove ? <td /> : null}
          </tr>
        </TableHead>
        <TableBody>
          {rules.map((rule) => (
            <TableRow key={rule.id}>
              <TableCell className="font-mono text-sm">{rule.claim}</TableCell>
              <TableCell className="font-mono text-sm">{rule.value}</TableCell>
              <TableCell>{roleName(rule.role)}</TableCell>
              <TableCell>{rule.role === "supervisor" ? rule.unitIds.map(nameOf).join(", ") : t("all")}</TableCell>
              {remove ? (
                <TableCell className="text-right">
                  <RemoveRule rule={rule} action={remove} />
                </TableCell>
              ) : null}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableRegion>
  );
}

function RemoveRule({ rule: { id, claim, value }, action }: { rule: RoleRule; action: RuleAction }) {
  const t = useTranslations("settings.singleSignOn.rules");
  return (
    <ConfirmedAction
      trigger={
        <Button size="small" aria-label={t("removeNamed", { claim, value })}>
          {t("remove")}
        </Button>
      }
      title={t("removeTitle", { claim, value })}
      description={t("removeText")}
      confirmLabel={t("remove")}
      action={action}
      fields={{ ruleId: id }}
      done={t("removed")}
    />
  );
}
