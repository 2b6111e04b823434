import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { useCause, useStoreName } from "@/components/ui/code-words";
import { DescriptionList, type Fact } from "@/components/ui/description-list";
import { KeptUntil } from "@/components/recordings/kept-until";
import { TimeText } from "@/components/ui/time-text";
import type { FindingDetails } from "@/lib/store-scan/read-finding";
import { formatBytes } from "@/lib/i18n/format";

/** Lists the facts of one discrepancy, and what was done about it. */
export function FindingFacts({ finding }: { finding: FindingDetails }) {
  const t = useTranslations("storeScan");
  const { recordingId, recording, isHeld, resolution, resolvedBy } = finding;
  const time = (value: Date | null) => value && <TimeText value={value} as="seconds" />;
  const facts: { term: ReactNode; description: ReactNode }[] = [
    { term: t("facts.recording"), description: recordingId && <RecordingLink id={recordingId} /> },
    { term: t("facts.unit"), description: recording?.unit },
    { term: t("facts.held"), description: isHeld && recording ? t("facts.heldValue") : null },
    {
      term: t("facts.minimumUntil"),
      description: recording?.minimumUntil && <KeptUntil retainUntil={recording.minimumUntil} />,
    },
    ...inOrder(finding.facts).map(([name, value]) => ({
      term: t(`facts.${name}` as never),
      description: value === null ? null : <FactValue name={name} value={value} />,
    })),
    { term: t("columns.createdAt"), description: time(finding.createdAt) },
    { term: t("columns.lastSeenAt"), description: time(finding.lastSeenAt) },
    {
      term: t("facts.acknowledgedAt"),
      description: finding.acknowledgedAt && <By at={finding.acknowledgedAt} name={finding.acknowledgedBy} />,
    },
    {
      term: t("facts.acknowledgement"),
      description: finding.acknowledgedAt && (
        <span className="break-words whitespace-pre-line">{finding.acknowledgement}</span>
      ),
    },
    {
      term: t("facts.removalOrderedAt"),
      description: finding.removalOrderedAt && <By at={finding.removalOrderedAt} name={finding.removalOrderedBy} />,
    },
    {
      term: t("facts.resolvedAt"),
      description: finding.resolvedAt && <By at={finding.resolvedAt} name={resolvedBy} />,
    },
    { term: t("facts.resolution"), description: resolution && t(`resolutions.${resolution}` as never) },
  ];
  return (
    <DescriptionList
      facts={facts.filter(
        (fact): fact is Fact =>
          fact.description !== null && fact.description !== undefined && fact.description !== false,
      )}
      columns={2}
    />
  );
}

/** The order of facts: expected before found. The database keeps them in another order. */
const order = [
  "change",
  "store",
  "code",
  "place",
  "expectedBytes",
  "foundBytes",
  "expectedAlgorithm",
  "foundAlgorithm",
  "expectedKeyId",
  "foundKeyId",
];

function inOrder(facts: FindingDetails["facts"]): [string, string | number | null][] {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(facts).toSorted(([left], [right]) => place(left) - place(right));
}

function By({ at, name }: { at: Date; name: string | null }) {
  return (
    <>
      <TimeText value={at} as="seconds" /> {name ? <span className="text-ink-muted">· {name}</span> : null}
    </>
  );
}

function RecordingLink({ id }: { id: string }) {
  return (
    <Link
      href={`/recordings/${id}` as Route}
      className="font-mono text-sm break-all text-accent underline underline-offset-3"
    >
      {id}
    </Link>
  );
}

const bytes = ["sizeBytes", "expectedBytes", "foundBytes"];

/** Shows a code as words, if there are any. */
function FactValue({ name, value }: { name: string; value: string | number }) {
  const t = useTranslations("storeScan.values");
  const algorithms = useTranslations("recordings.detail.encryptions");
  const locale = useLocale();
  const [storeName, cause] = [useStoreName(), useCause()];
  if (name === "store") return storeName(String(value));
  if (name === "code") return cause(String(value));
  if (bytes.includes(name)) return formatBytes(Number(value), locale);
  if (name === "ofRecording") return <RecordingLink id={String(value)} />;
  if (name === "retainUntil") return <KeptUntil retainUntil={new Date(value)} />;
  const key = `${name.endsWith("Algorithm") ? "encryption" : name}.${value}` as never;
  if (t.has(key)) return t(key);
  if (name.endsWith("Algorithm") && algorithms.has(String(value) as never)) return algorithms(String(value) as never);
  return <span className="font-mono text-sm break-all">{value}</span>;
}
