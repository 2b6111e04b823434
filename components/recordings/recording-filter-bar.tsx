import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ActiveFilters, type ActiveFilter } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { type RecordingFacets, useRecordingOptions } from "@/components/recordings/use-recording-options";
import { Card } from "@/components/ui/card";
import { ChoiceField } from "@/components/ui/choice-field";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { RecordingListRequest } from "@/lib/http/recording-list-request";

type FilterBarProps = {
  request: RecordingListRequest;
  facets: RecordingFacets;
  /** True if the reader may list quarantined recordings. */
  mayReadQuarantined: boolean;
};

const rarer = [
  "direction",
  "callKind",
  "minSeconds",
  "maxSeconds",
  "state",
  "dueFrom",
  "dueTo",
  "policyId",
  "held",
  "numberKind",
  "taxIdKind",
  "doubtfulDate",
  "blocked",
  "announcementPlayed",
  "sensitiveContent",
  "cardDataHandling",
  "quarantined",
] as const;
/** The default order, which is left out of the URL. */
const newestFirst = "-startedAt";
const orders = ["startedAt", "-duration", "duration"] as const;

/** The filters of the recordings list. They are in the URL; active filters are shown as chips. */
export function RecordingFilterBar({ request, facets, mayReadQuarantined }: FilterBarProps) {
  const { filters, sort } = request;
  const t = useTranslations("recordings");
  const options = useRecordingOptions(facets);
  const { number, numberMatch, protocol, customerReference, taxId, agentName } = filters;
  const order = `${sort.descending ? "-" : ""}${sort.key}`;
  const choice = (name: keyof typeof options, label: string, any = t("filters.any")) => (
    <ChoiceField
      id={`filter-${name}`}
      name={name}
      label={label}
      any={any}
      value={filters[name]}
      options={options[name]}
    />
  );
  const duration = (name: "minSeconds" | "maxSeconds") => (
    <LabelledField name={name} label={t(`filters.${name}`)}>
      <Input name={name} type="number" min={0} max={86400} inputMode="numeric" defaultValue={filters[name]} />
    </LabelledField>
  );
  const day = (name: "from" | "to" | "dueFrom" | "dueTo") => (
    <LabelledField name={name} label={t(`filters.${name}`)}>
      <Input name={name} type="date" defaultValue={filters[name]} />
    </LabelledField>
  );
  const more = (
    <>
      {choice("direction", t("filters.direction"))}
      <LabelledField name="callKind" label={t("filters.callKind")}>
        <Input name="callKind" maxLength={64} autoComplete="off" defaultValue={filters.callKind} />
      </LabelledField>
      {choice("state", t("filters.state"))}
      {day("dueFrom")}
      {day("dueTo")}
      {choice("policyId", t("filters.policy"))}
      {choice("held", t("filters.held"))}
      {choice("numberKind", t("filters.numberKind"))}
      {choice("taxIdKind", t("columns.taxId"))}
      {choice("doubtfulDate", t("filters.doubtfulDate"))}
      {choice("blocked", t("filters.blocked"))}
      {choice("announcementPlayed", t("handling.announcementPlayed"))}
      {choice("sensitiveContent", t("handling.sensitiveContent"))}
      {choice("cardDataHandling", t("handling.cardDataHandling"))}
      {mayReadQuarantined ? choice("quarantined", t("quarantine.filter.label"), t("quarantine.filter.none")) : null}
      {duration("minSeconds")}
      {duration("maxSeconds")}
      {/* On a phone, rows are cards and have no headings to sort by. */}
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
      {/* Another set of filters makes a new form, so that its fields show the current filters, also after "back". */}
      <FilterBar
        key={JSON.stringify([filters, order])}
        action="/recordings"
        keep={{ number, numberMatch, protocol, customerReference, taxId, agentName }}
        more={more}
        moreLabel={t("filters.more")}
        moreOpen={rarer.some((name) => filters[name] !== undefined)}
      >
        {day("from")}
        {day("to")}
        {choice("unitId", t("filters.unit"))}
        {choice("queueId", t("filters.queue"))}
        {choice("agentId", t("filters.agent"))}
      </FilterBar>
      <ActiveFilters filters={useActiveFilters(filters, options)} />
    </Card>
  );
}

function useActiveFilters(
  filters: RecordingListRequest["filters"],
  options: ReturnType<typeof useRecordingOptions>,
): ActiveFilter[] {
  const t = useTranslations("recordings.filters");
  const columns = useTranslations("recordings.columns");
  const handling = useTranslations("recordings.handling");
  const quarantine = useTranslations("recordings.quarantine");
  // An active filter by a queue of another unit is shown, so that the reader can remove it.
  const chosen = (name: keyof typeof options) =>
    filters[name] &&
    (options[name].find((option) => option.value === filters[name])?.label ??
      t(name === "policyId" ? "otherPolicy" : "outsideUnit"));
  const day = (value: string | undefined) => value?.split("-").reverse().join("/");
  const values: Record<string, [label: string, value: string | undefined]> = {
    from: [t("from"), day(filters.from)],
    to: [t("to"), day(filters.to)],
    unitId: [t("unit"), chosen("unitId")],
    queueId: [t("queue"), chosen("queueId")],
    agentId: [t("agent"), chosen("agentId")],
    direction: [t("direction"), chosen("direction")],
    callKind: [t("callKind"), filters.callKind],
    state: [t("state"), chosen("state")],
    dueFrom: [t("dueFrom"), day(filters.dueFrom)],
    dueTo: [t("dueTo"), day(filters.dueTo)],
    policyId: [t("policy"), chosen("policyId")],
    held: [t("held"), chosen("held")],
    doubtfulDate: [t("doubtfulDate"), chosen("doubtfulDate")],
    blocked: [t("blocked"), chosen("blocked")],
    announcementPlayed: [handling("announcementPlayed"), chosen("announcementPlayed")],
    sensitiveContent: [handling("sensitiveContent"), chosen("sensitiveContent")],
    cardDataHandling: [handling("cardDataHandling"), chosen("cardDataHandling")],
    quarantined: [quarantine("filter.label"), chosen("quarantined")],
    minSeconds: [t("minSeconds"), filters.minSeconds?.toString()],
    maxSeconds: [t("maxSeconds"), filters.maxSeconds?.toString()],
    // The URL has a digest; the number itself is not known here.
    number: [t("number"), filters.number && t("numberHidden")],
    protocol: [columns("protocol"), filters.protocol && t("referenceHidden")],
    customerReference: [columns("customerReference"), filters.customerReference && t("referenceHidden")],
    taxId: [columns("taxId"), filters.taxId && t("referenceHidden")],
    taxIdKind: [columns("taxId"), chosen("taxIdKind")],
    agentName: [columns("agent"), filters.agentName && t("referenceHidden")],
    numberKind: [t("numberKind"), chosen("numberKind")],
  };
  return Object.entries(values).flatMap(([parameter, [label, value]]) =>
    value ? [{ parameters: parameter === "number" ? ["number", "numberMatch"] : [parameter], label, value }] : [],
  );
}

function LabelledField({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <Field id={`filter-${name}`} label={label}>
      {children}
    </Field>
  );
}
