import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { RecordingListRequest } from "@/lib/recordings/read-list-request";

export type RecordingFacets = {
  units: { id: string; name: string }[];
  queues: { id: string; code: string; unit: string }[];
  agents: { id: string; code: string; unit: string }[];
};

type Option = { value: string; label: string };
type FilterBarProps = { request: RecordingListRequest; facets: RecordingFacets };

const directions = ["inbound", "outbound", "internal"] as const;
const states = ["stored", "pending", "rejected", "deleting", "deleted"] as const;
const rarer = ["direction", "minSeconds", "maxSeconds", "state"] as const;
/** What the list has without being asked, so that it need not stand in the URL. */
const newestFirst = "-startedAt";
const orders = ["startedAt", "-duration", "duration"] as const;

/** The filters of the recordings list. What is chosen stands in the URL; what is in force is shown as chips. */
export function RecordingFilterBar({ request: { filters, sort }, facets }: FilterBarProps) {
  const t = useTranslations("recordings");
  const options = useOptions(facets);
  const order = `${sort.descending ? "-" : ""}${sort.key}`;
  const duration = (name: "minSeconds" | "maxSeconds") => (
    <LabelledField name={name} label={t(`filters.${name}`)}>
      <Input name={name} type="number" min={0} max={86400} inputMode="numeric" defaultValue={filters[name]} />
    </LabelledField>
  );
  const more = (
    <>
      <ChoiceField name="direction" label={t("filters.direction")} value={filters.direction} options={options.direction} />
      <ChoiceField name="state" label={t("filters.state")} value={filters.state} options={options.state} />
      {duration("minSeconds")}
      {duration("maxSeconds")}
      {/* The headings order the list too; on a phone, where rows are cards, there are none. */}
      <LabelledField name="sort" label={t("filters.order")}>
        <Select name="sort" defaultValue={order === newestFirst ? "" : order}>
          <option value="">{t(`orders.${newestFirst}`)}</option>
          {orders.map((value) => (
            <option key={value} value={value}>
              {t(`orders.${value}`)}
            </option>
          ))}
        </Select>
      </LabelledField>
    </>
  );
  return (
    <Card className="grid gap-3 p-4">
      {/* A new set of filters is a new form: its fields show what is in force, also after "back". */}
      <FilterBar key={JSON.stringify([filters, order])} action="/recordings" keep={{ number: filters.number }} more={more} moreLabel={t("filters.more")} moreOpen={rarer.some((name) => filters[name] !== undefined)}>
        <LabelledField name="from" label={t("filters.from")}>
          <Input name="from" type="date" defaultValue={filters.from} />
        </LabelledField>
        <LabelledField name="to" label={t("filters.to")}>
          <Input name="to" type="date" defaultValue={filters.to} />
        </LabelledField>
        <ChoiceField name="unitId" label={t("filters.unit")} value={filters.unitId} options={options.unitId} />
        <ChoiceField name="queueId" label={t("filters.queue")} value={filters.queueId} options={options.queueId} />
        <ChoiceField name="agentId" label={t("filters.agent")} value={filters.agentId} options={options.agentId} />
      </FilterBar>
      <ActiveFilters filters={useActiveFilters(filters, options)} />
    </Card>
  );
}

function useOptions(facets: RecordingFacets) {
  const t = useTranslations("recordings");
  const severalUnits = facets.units.length > 1;
  const byCode = ({ id, code, unit }: RecordingFacets["queues"][number]): Option => ({ value: id, label: severalUnits ? `${code} · ${unit}` : code });
  return {
    unitId: facets.units.map(({ id, name }): Option => ({ value: id, label: name })),
    queueId: facets.queues.map(byCode),
    agentId: facets.agents.map(byCode),
    direction: directions.map((value): Option => ({ value, label: t(`directions.${value}`) })),
    state: states.map((value): Option => ({ value, label: t(`states.${value}`) })),
  };
}

function useActiveFilters(filters: RecordingListRequest["filters"], options: ReturnType<typeof useOptions>): ActiveFilter[] {
  const t = useTranslations("recordings.filters");
  // A queue of another unit than the one chosen is in force all the same, and is shown so that it can be taken away.
  const chosen = (name: keyof typeof options) => filters[name] && (options[name].find((option) => option.value === filters[name])?.label ?? t("outsideUnit"));
  const day = (value: string | undefined) => value?.split("-").reverse().join("/");
  const values: Record<string, [label: string, value: string | undefined]> = {
    from: [t("from"), day(filters.from)],
    to: [t("to"), day(filters.to)],
    unitId: [t("unit"), chosen("unitId")],
    queueId: [t("queue"), chosen("queueId")],
    agentId: [t("agent"), chosen("agentId")],
    direction: [t("direction"), chosen("direction")],
    state: [t("state"), chosen("state")],
    minSeconds: [t("minSeconds"), filters.minSeconds?.toString()],
    maxSeconds: [t("maxSeconds"), filters.maxSeconds?.toString()],
    // The URL holds a digest; the number itself is nowhere to be shown from.
    number: [t("number"), filters.number && t("numberHidden")],
  };
  return Object.entries(values).flatMap(([parameter, [label, value]]) => (value ? [{ parameters: [parameter], label, value }] : []));
}

function LabelledField({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <Field id={`filter-${name}`} label={label}>
      {children}
    </Field>
  );
}

function ChoiceField({ name, label, value, options }: { name: string; label: string; value: string | undefined; options: Option[] }) {
  const t = useTranslations("recordings.filters");
  return (
    <LabelledField name={name} label={label}>
      <Select name={name} defaultValue={value ?? ""}>
        <option value="">{t("any")}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    </LabelledField>
  );
}
