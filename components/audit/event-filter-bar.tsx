import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { auditActions } from "@/lib/operation/audit-actions";

type Named = { id: string; name: string };
export type EventFilterBarProps = {
  filters: {
    from?: string;
    to?: string;
    actor?: string;
    action?: string;
    outcome?: string;
    targetId?: string;
    unitId?: string;
  };
  actors: { users: readonly Named[]; serviceAccounts: readonly Named[]; jobs: readonly string[] };
  units: readonly Named[];
};

const outcomes = ["success", "denied", "failure"] as const;

/** The filters of the audit log. They are in the URL, as ids and codes only. */
export function EventFilterBar({ filters, actors, units }: EventFilterBarProps) {
  const t = useTranslations("audit");
  const actionName = (id: string) => t(`actions.${id}` as never, { actor: "…", target: "…" } as never);
  const jobs = actors.jobs.map((name) => ({ id: name, name: t(`actors.jobs.${name}` as never) }));
  const actorGroups: [string, readonly Named[]][] = [
    [t("filters.users"), actors.users],
    [t("filters.serviceAccounts"), actors.serviceAccounts],
    [t("filters.jobs"), jobs],
  ];
  const more = (
    <>
      <Choice
        name="outcome"
        label={t("filters.outcome")}
        value={filters.outcome}
        options={outcomes.map((id) => ({ id, name: t(`outcomes.${id}`) }))}
      />
      <Choice name="unitId" label={t("filters.unitId")} value={filters.unitId} options={units} />
      <Labelled name="targetId" label={t("filters.targetId")}>
        <Input name="targetId" maxLength={64} defaultValue={filters.targetId} className="font-mono" />
      </Labelled>
    </>
  );
  return (
    <Card className="grid gap-3 p-4">
      {/* Another set of filters makes a new form, so that its fields show the current filters, also after "back". */}
      <FilterBar
        key={JSON.stringify(filters)}
        action="/audit-log"
        more={more}
        moreLabel={t("filters.more")}
        moreOpen={Boolean(filters.outcome ?? filters.unitId ?? filters.targetId)}
      >
        <Labelled name="from" label={t("filters.from")}>
          <Input name="from" type="date" defaultValue={filters.from} />
        </Labelled>
        <Labelled name="to" label={t("filters.to")}>
          <Input name="to" type="date" defaultValue={filters.to} />
        </Labelled>
        <Labelled name="actor" label={t("filters.actor")}>
          <Select name="actor" defaultValue={filters.actor ?? ""}>
            <option value="">{t("filters.any")}</option>
            <option value="anonymous">{t("actors.anonymous")}</option>
            {actorGroups.map(([label, options]) => (
              <optgroup key={label} label={label}>
                <Options options={options} />
              </optgroup>
            ))}
          </Select>
        </Labelled>
        <Choice
          name="action"
          label={t("filters.action")}
          value={filters.action}
          options={auditActions.map((id) => ({ id, name: actionName(id) }))}
        />
      </FilterBar>
      <ActiveFilters filters={useChips(filters, [...actorGroups.flatMap(([, options]) => options), ...units])} />
    </Card>
  );
}

function useChips(filters: EventFilterBarProps["filters"], named: readonly Named[]): ActiveFilter[] {
  const t = useTranslations("audit");
  const nameOf = (id: string | undefined) =>
    id === "anonymous" ? t("actors.anonymous") : (named.find((option) => option.id === id)?.name ?? id);
  const day = (value: string | undefined) => value?.split("-").reverse().join("/");
  const values: Record<keyof typeof filters, string | undefined> = {
    from: day(filters.from),
    to: day(filters.to),
    actor: nameOf(filters.actor),
    action: filters.action && t(`actions.${filters.action}` as never, { actor: "…", target: "…" } as never),
    outcome: filters.outcome && t(`outcomes.${filters.outcome}` as never),
    targetId: filters.targetId,
    unitId: nameOf(filters.unitId),
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value ? [{ parameters: [name], label: t(`filters.${name}` as never), value }] : [],
  );
}

function Labelled({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <Field id={`filter-${name}`} label={label}>
      {children}
    </Field>
  );
}

function Choice({
  name,
  label,
  value,
  options,
}: {
  name: string;
  label: string;
  value: string | undefined;
  options: readonly Named[];
}) {
  const t = useTranslations("audit.filters");
  return (
    <Labelled name={name} label={label}>
      <Select name={name} defaultValue={value ?? ""}>
        <option value="">{t("any")}</option>
        <Options options={options} />
      </Select>
    </Labelled>
  );
}

function Options({ options }: { options: readonly Named[] }) {
  return options.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));
}
