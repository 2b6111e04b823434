import { useTranslations } from "next-intl";
import { SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { EventKind } from "@/components/audit/event-kinds";

type Named = { id: string; name: string };
export type EventFilterBarProps = {
  filters: {
    from?: string;
    to?: string;
    actor?: string;
    /** Words of kinds of events, as typed or as chosen from the list. */
    kind?: string;
    outcome?: string;
    targetId?: string;
    requestId?: string;
    unitId?: string;
    /** Set by the search or the tabs. The address as a token. */
    actorType?: string;
    protocol?: string;
    ipAddress?: string;
  };
  kinds: readonly EventKind[];
  actors: { users: readonly Named[]; serviceAccounts: readonly Named[]; jobs: readonly string[] };
  units: readonly Named[];
};

const outcomes = ["success", "denied", "failure"] as const;

/** The filters of the audit log. They are in the URL, as ids and codes only. */
export function EventFilterBar({ filters, kinds, actors, units }: EventFilterBarProps) {
  const t = useTranslations("audit");
  const jobs = actors.jobs.map((name) => ({ id: name, name: t(`actors.jobs.${name}` as never) }));
  const actorGroups: [string, readonly Named[]][] = [
    [t("filters.users"), actors.users],
    [t("filters.serviceAccounts"), actors.serviceAccounts],
    [t("filters.jobs"), jobs],
  ];
  const { protocol, ipAddress, actorType } = filters;
  return (
    <>
      <details className="group rounded-md border border-line bg-raised">
        <summary className="flex cursor-pointer items-center gap-1.5 px-4 py-1.5 font-medium text-accent">
          <SlidersHorizontal aria-hidden className="size-3.5" />
          {t("filters.title")}
        </summary>
        {/* Another set of filters makes a new form, so that its fields show the current filters, also after "back". */}
        <FilterBar
          key={JSON.stringify(filters)}
          action="/audit-log"
          keep={{ protocol, ipAddress, actorType }}
          className="border-t border-line p-4"
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
          <Labelled name="kind" label={t("filters.action")}>
            <Input
              name="kind"
              list="event-kinds"
              maxLength={200}
              autoComplete="off"
              placeholder={t("filters.kindHint")}
              defaultValue={filters.kind}
            />
          </Labelled>
          <datalist id="event-kinds">
            {kinds.map(({ id, label }) => (
              <option key={id} value={label} />
            ))}
          </datalist>
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
          <Labelled name="requestId" label={t("filters.requestId")}>
            <Input name="requestId" maxLength={36} defaultValue={filters.requestId} className="font-mono" />
          </Labelled>
        </FilterBar>
      </details>
      <ActiveFilters filters={useChips(filters, [...actorGroups.flatMap(([, options]) => options), ...units])} />
    </>
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
    kind: filters.kind,
    actorType: undefined,
    protocol: filters.protocol && t("filters.asTyped"),
    ipAddress: filters.ipAddress && t("filters.asTyped"),
    requestId: filters.requestId,
    outcome: filters.outcome && t(`outcomes.${filters.outcome}` as never),
    targetId: filters.targetId,
    unitId: nameOf(filters.unitId),
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value
      ? [
          {
            parameters: name === "kind" ? ["kind", "action"] : [name],
            label: t(`filters.${name === "kind" ? "action" : name}` as never),
            value,
          },
        ]
      : [],
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
