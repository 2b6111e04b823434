import { useTranslations } from "next-intl";
import { ChoiceFilterBar } from "@/components/table/choice-filter-bar";
import type { Assignee } from "@/lib/subject-requests/list-assignees";
import type { filterChoices, RequestFilters } from "@/lib/subject-requests/list-requests";

export type RequestFilterBarProps = {
  filters: Partial<RequestFilters>;
  choices: typeof filterChoices;
  assignees: readonly Assignee[];
};

/** View, state, right, channel and assignee: filters that live in the address. */
export function RequestFilterBar({ filters, choices, assignees }: RequestFilterBarProps) {
  const t = useTranslations("subjectRequests");
  const views = choices.views.filter((value) => value !== "open");
  const byView = {
    name: "view",
    label: t("columns.view"),
    any: t("views.open"),
    value: filters.view === "open" ? undefined : filters.view,
    options: views.map((value) => ({ value, label: t(`views.${value}`) })),
  };
  const byState = {
    name: "state",
    label: t("columns.state"),
    value: filters.state,
    options: choices.states.map((value) => ({ value, label: t(`states.${value}`) })),
  };
  const byRight = {
    name: "right",
    label: t("columns.right"),
    value: filters.right,
    options: choices.rights.map((value) => ({ value, label: t(`rights.${value}`) })),
  };
  const byChannel = {
    name: "channel",
    label: t("columns.channel"),
    value: filters.channel,
    options: choices.channels.map((value) => ({ value, label: t(`channels.${value}`) })),
  };
  const people = assignees.map(({ id, name }) => ({ value: id, label: name }));
  const byAssignee = {
    name: "assigneeId",
    label: t("columns.assignee"),
    value: filters.assigneeId,
    options: [{ value: "none", label: t("assign.nobody") }, ...people],
    otherLabel: t("assign.other"),
  };
  return <ChoiceFilterBar action="/privacy-requests" filters={[byView, byState, byRight, byChannel, byAssignee]} />;
}
