import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useCallKind } from "@/components/ui/code-words";
import { CustomerNumber } from "@/components/recordings/customer-number";
import { EncryptionFact } from "@/components/recordings/encryption-fact";
import { KeptUntil } from "@/components/recordings/kept-until";
import { useTimeZoneName } from "@/components/ui/use-time-zone-name";
import { CopyableCode } from "@/components/ui/copyable-code";
import { DescriptionList, type Fact } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes, formatDuration } from "@/lib/i18n/format";
import type { RecordingDetails } from "@/lib/recordings/read-recording";

/** Leaves out facts without a value. */
const present = (facts: { term: string; description: ReactNode }[]): Fact[] =>
  facts.filter((fact) => fact.description !== null && fact.description !== undefined && fact.description !== false);

/** Lists the facts of the call. */
export function CallFacts({ recording }: { recording: RecordingDetails }) {
  const t = useTranslations("recordings");
  const { unit, agent, durationMs, channels } = recording;
  const [zoneName, callKind] = [useTimeZoneName(), useCallKind()];
  const facts = present([
    {
      term: t("columns.startedAt"),
      description: (
        <TimeText
          value={recording.startedAt}
          timeZone={unit.timeZone}
          as={recording.anonymisedAt ? "month" : "seconds"}
        />
      ),
    },
    { term: t("detail.timeZone"), description: zoneName(unit.timeZone) },
    {
      term: t("columns.duration"),
      description:
        durationMs === null
          ? t(recording.waveformState === "waiting" ? "unknownDuration" : "noDuration")
          : formatDuration(durationMs / 1000),
    },
    { term: t("columns.direction"), description: t(`directions.${recording.direction}`) },
    { term: t("detail.callKind"), description: recording.callKind && callKind(recording.callKind) },
    {
      term: t("columns.number"),
      description: recording.state === "deleted" ? null : <CustomerNumber {...recording} />,
    },
    { term: t("columns.protocol"), description: recording.protocol },
    { term: t("columns.customerReference"), description: recording.customerReference },
    { term: t("columns.taxId"), description: recording.taxIdKind && <TaxId {...recording} /> },
    { term: t("columns.unit"), description: unit.name },
    { term: t("columns.queue"), description: recording.queue },
    { term: t("columns.agent"), description: agent && (agent.name ? `${agent.name} (${agent.code})` : agent.code) },
    { term: t("detail.channels"), description: channels && t("detail.channelsValue", { count: channels }) },
  ]);
  return <DescriptionList facts={facts} />;
}

/** Shows a CPF or CNPJ; one that is invalid says so. */
function TaxId({ taxId, taxIdKind }: Pick<RecordingDetails, "taxId" | "taxIdKind">) {
  const t = useTranslations("recordings");
  const written = taxId && <span className="font-mono text-sm">{taxId}</span>;
  if (taxIdKind !== "not_understood") return written;
  return (
    <span className="text-ink-muted">
      {t("taxIdNotUnderstood")}
      {written ? <> · {written}</> : null}
    </span>
  );
}

/** Lists where the recording came from, what was received, how it is stored and until when. */
type CustodyFactsProps = {
  recording: RecordingDetails;
  /** False if its policy names a legal basis that is none for sensitive content. */
  isBasisOffered: boolean;
};

export function CustodyFacts({ recording, isBasisOffered }: CustodyFactsProps) {
  const t = useTranslations("recordings.detail");
  const locale = useLocale();
  const [kinds, grounds] = [useTranslations("policies.report"), useTranslations("deletionOrders.grounds")];
  const { timeZone } = recording.unit;
  const time = (value: Date | null) => value && <TimeText value={value} beside={timeZone} as="seconds" />;
  const arrival = (value: Date | null) =>
    recording.anonymisedAt && value ? <TimeText value={value} timeZone={timeZone} as="month" /> : time(value);
  const reason = recording.deletionReason && t(`deletionReasons.${recording.deletionReason}` as never);
  const { deletionOrder: order } = recording;
  const orderer = useOrderer();
  const facts = present([
    { term: t("id"), description: <CopyableCode value={recording.id} /> },
    { term: t("source"), description: recording.source },
    { term: t("sourceCallId"), description: <CopyableCode value={recording.sourceCallId} head={20} /> },
    {
      term: t("sourceRecordingId"),
      description: recording.sourceRecordingId && <CopyableCode value={recording.sourceRecordingId} head={20} />,
    },
    { term: t("createdAt"), description: arrival(recording.createdAt) },
    { term: t("storedAt"), description: arrival(recording.storedAt) },
    { term: t("verifiedAt"), description: time(recording.verifiedAt) },
    { term: t("sha256"), description: recording.sha256 && <CopyableCode value={recording.sha256} /> },
    { term: t("contentType"), description: recording.contentType },
    { term: t("codec"), description: recording.codec && (recording.codec.name ?? t("codecUnknown")) },
    { term: t("size"), description: recording.sizeBytes === null ? null : formatBytes(recording.sizeBytes, locale) },
    {
      term: t("encryption"),
      description: recording.storedAt && recording.state !== "deleted" && (
        <EncryptionFact encryption={recording.encryption} />
      ),
    },
    ...(["contract_end", "complaint", "resolution"] as const).map((kind) => ({
      term: kinds(`kinds.${kind}`),
      description: recording.triggers[kind] && <TimeText value={recording.triggers[kind]} as="date" />,
    })),
    {
      term: t("minimumUntil"),
      description: recording.minimum && <RuleDate until={recording.minimum.until} rule={recording.minimum} />,
    },
    {
      term: t("retainUntil"),
      description: recording.retainUntil && (
        <>
          <RuleDate until={recording.retainUntil} rule={recording.policy} />
          {isBasisOffered ? null : (
            <span className="block text-sm font-medium text-danger">{t("basisNotForSensitive")}</span>
          )}
        </>
      ),
    },
    { term: t("deletingAt"), description: time(recording.deletingAt) },
    { term: t("deletedAt"), description: time(recording.deletedAt) },
    { term: t("deletionReason"), description: reason },
    { term: t("deletionOrderedBy"), description: order && orderer(order.by) },
    {
      term: t("deletionOrderedAt"),
      description: order && <TimeText value={order.orderedAt} beside={timeZone} as="seconds" />,
    },
    { term: t("deletionApprovedBy"), description: order?.approvedBy },
    { term: t("deletionJustification"), description: order?.justification },
    {
      term: grounds("label"),
      description: order?.ground && (order.ground.words ?? grounds(`codes.${order.ground.code}`)),
    },
  ]);
  return <DescriptionList facts={facts} />;
}

/** Names who ordered a deletion: a person, or the command that was run on the server. */
function useOrderer() {
  const t = useTranslations("audit.actors");
  return ({ type, id, name }: NonNullable<RecordingDetails["deletionOrder"]>["by"]) =>
    type === "user" ? (name ?? id) : t("job", { name: t.has(`jobs.${id}` as never) ? t(`jobs.${id}` as never) : id });
}

/** Shows a day of retention with the policy and version that set it. */
function RuleDate({ until, rule }: { until: Date; rule: { name: string; version: number | null } | null }) {
  const t = useTranslations("recordings.detail");
  return (
    <>
      <KeptUntil retainUntil={until} />
      {rule ? (
        <span className="block text-sm text-ink-muted">
          {t("ruleVersion", { name: rule.name, version: rule.version ?? 1 })}
        </span>
      ) : null}
    </>
  );
}
