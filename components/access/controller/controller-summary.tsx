import { useTranslations } from "next-intl";
import { writtenDay } from "@/components/retention/due-href";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { useTimeZoneName } from "@/components/ui/use-time-zone-name";
import type { FactName } from "@/lib/access/controller/controller-facts";
import type { ControllerSettings } from "@/lib/access/controller/read-controller";

const parts = {
  controller: ["legalName", "tradeName", "cnpj", "address", "email", "phone", "privacyNoticeUrl", "deadlineTimeZone"],
  officer: [
    "officerName",
    "officerFirm",
    "contactEmail",
    "contactPhone",
    "officerAppointment",
    "officerAppointedOn",
    "officerUserId",
  ],
  substitute: [
    "substituteName",
    "substituteAppointment",
    "substituteAppointedOn",
    "substituteUserId",
    "approverUserId",
  ],
  small: ["smallAgent", "smallAgentReason"],
  sessions: ["idleMinutesPrivileged", "idleMinutesOthers", "maxSessions"],
} as const satisfies Record<string, readonly FactName[]>;

/** The settings in force, for readers who may not change them. */
export function ControllerSummary({ settings }: { settings: ControllerSettings }) {
  const t = useTranslations("controller");
  const text = useFactText(settings);
  return (Object.keys(parts) as (keyof typeof parts)[]).map((part) => (
    <Card key={part} aria-labelledby={part}>
      <CardHeader id={part} title={t(`${part}.title`)} description={t(`${part}.description`)} />
      <CardBody>
        <DescriptionList facts={parts[part].map((name) => ({ term: t(`facts.${name}`), description: text(name) }))} />
      </CardBody>
    </Card>
  ));
}

function useFactText({ facts, accounts }: ControllerSettings): (name: FactName) => string {
  const t = useTranslations("common");
  const zoneName = useTimeZoneName();
  return (name) => {
    const value = facts[name];
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (value === null || value === "") return "–";
    if (typeof value === "number") return String(value);
    if (name === "deadlineTimeZone") return zoneName(value);
    if (name.endsWith("AppointedOn")) return writtenDay(value);
    if (name.endsWith("UserId")) return accounts.find(({ id }) => id === value)?.name ?? value;
    return value;
  };
}
