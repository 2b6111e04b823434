import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import {
  changeHandlingAction,
  confirmCallDateAction,
  correctNumberAction,
  correctTaxIdAction,
  eraseQuarantinedAction,
  previewCallDateAction,
  quarantineRecordingAction,
  releaseRecordingAction,
  reportTriggerAction,
} from "@/app/(portal)/recordings/[id]/actions";
import { EventTimeline } from "@/components/audit/event-timeline";
import { RecordingHolds } from "@/components/legal-holds/recording-holds";
import { ReceiptLinks } from "@/components/receipts/receipt-links";
import type { CallOrder } from "@/components/playback/call-sequence";
import { PassedRecording } from "@/components/playback/passed-recording";
import { PlaybackList } from "@/components/playback/playback-list";
import { CallHandling } from "@/components/recordings/call-handling";
import { CallRecordings } from "@/components/recordings/call-recordings";
import { ConfirmCallDate } from "@/components/recordings/confirm-call-date";
import { CorrectNumber } from "@/components/recordings/correct-number";
import { CorrectTaxId } from "@/components/recordings/correct-tax-id";
import { DoubtfulDateBadge } from "@/components/recordings/doubtful-date-badge";
import { CallFacts, CustodyFacts } from "@/components/recordings/recording-facts";
import { RecordingPlayback } from "@/components/playback/recording-playback";
import { Quarantine } from "@/components/recordings/quarantine";
import { QuarantineBadge } from "@/components/recordings/quarantine-badge";
import { RecordingNotice } from "@/components/recordings/recording-notice";
import { RecordingState } from "@/components/recordings/recording-state";
import { ReportTrigger } from "@/components/recordings/report-trigger";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { readRecordingHistory } from "@/lib/recordings/read-recording-history";
import { localDateTime } from "@/lib/core/time";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { formatDateTime } from "@/lib/i18n/format";
import { listRecordingHolds } from "@/lib/legal-holds/list-recording-holds";
import { listPlaybacks } from "@/lib/playback/list-playbacks";
import { playbackPurposes } from "@/lib/playback/grant-playback";
import { listCallRecordings } from "@/lib/recordings/list-call-recordings";
import { readCallSequence, type CallSequence } from "@/lib/playback/read-call-sequence";
import { readPlayability } from "@/lib/playback/read-playability";
import { isOffered } from "@/lib/retention/policies/legal-bases";
import { readRecording } from "@/lib/recordings/read-recording";

type RecordingPageProps = { params: Promise<{ id: string }> };

const purposes = playbackPurposes.map((value) => ({ value, labelKey: `player.purposes.${value}` }));

/** A part of two sides is found on the page of the agent's. */
function callOrder({ parts, current }: CallSequence): CallOrder | null {
  if (current === null) return null;
  return {
    current,
    parts: parts.map(({ recordingIds, startedAt, timeZone, problem }) => ({
      ...{ recordingId: recordingIds[0]!, startedAt: formatDateTime(startedAt, timeZone), problem },
    })),
  };
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("recordings.detail"))("pageTitle") };
}

export default async function RecordingPage({ params }: RecordingPageProps) {
  const { id: recordingId } = await params;
  const recording = await loadPage(readRecording, { recordingId });
  const [playbacks, history, t, holds, holdsText, { context }, parts] = await Promise.all([
    loadPage(listPlaybacks, { recordingId }),
    loadPage(readRecordingHistory, { recordingId }),
    getTranslations("recordings"),
    loadPage(listRecordingHolds, { recordingId }),
    getTranslations("holds"),
    pageContext(),
    loadPage(listCallRecordings, { recordingId }),
  ]);
  const mayHold = isAllowed(context.actor, "legal-hold:place");
  const { unit, durationMs, channels, contentType, waveform } = recording;
  const doubt = recording.state === "stored" ? recording.dateDoubt : null;
  const isPlayable =
    recording.state === "stored" && recording.mayPlay && !recording.isEmpty && !recording.isQuarantined;
  const playability = isPlayable ? await loadPage(readPlayability, { recordingId }) : null;
  const sequence = playability && parts.length > 1 ? await loadPage(readCallSequence, { recordingId }) : null;
  return (
    <>
      <PageHeader
        parent={{ href: "/recordings", label: t("title") }}
        title={t("detail.title", { date: formatDateTime(recording.startedAt, unit.timeZone) })}
        status={
          <>
            <RecordingState state={recording.state} />
            {recording.isQuarantined ? <QuarantineBadge /> : null}
            {doubt ? <DoubtfulDateBadge /> : null}
            {holds.active > 0 ? (
              <Badge tone="info">{holdsText("recording.held", { count: holds.active })}</Badge>
            ) : null}
          </>
        }
        actions={
          recording.state === "deleted" && isAllowed(context.actor, "receipt:issue") ? (
            <ReceiptLinks href={`/api/receipts/recordings/${recordingId}`} />
          ) : mayHold && (recording.state === "stored" || recording.state === "pending") ? (
            <Button asChild>
              <Link href={`/retention/holds/new?recording=${recordingId}` as Route}>
                {holdsText("recording.place")}
              </Link>
            </Button>
          ) : null
        }
      />
      <div className="grid gap-4">
        {recording.isQuarantined ? (
          <Quarantine
            recordingId={recordingId}
            actions={recording.mayRelease ? { release: releaseRecordingAction, erase: eraseQuarantinedAction } : null}
          />
        ) : null}
        {doubt ? (
          <ConfirmCallDate
            key={recording.startedAt.getTime()}
            recordingId={recordingId}
            recordedStart={localDateTime(recording.startedAt, unit.timeZone)}
            timeZone={unit.timeZone}
            reason={doubt}
            actions={
              recording.mayConfirmDate ? { preview: previewCallDateAction, confirm: confirmCallDateAction } : null
            }
          />
        ) : null}
        {playability ? (
          <RecordingPlayback
            key={[recordingId, ...(sequence?.sides ?? []).map(({ id }) => id)].join(" ")}
            sides={sequence?.sides ?? null}
            order={sequence && callOrder(sequence)}
            recording={{ id: recordingId, durationMs: durationMs ?? 0, channels: channels ?? 1, contentType, waveform }}
            playability={playability}
            purposes={purposes}
            canDownload={recording.mayDownload}
            sentRanges={playbacks.flatMap((playback) => playback.parts)}
          />
        ) : (
          <>
            <RecordingNotice recording={recording} />
            <PassedRecording key={recordingId} recordingId={recordingId} />
          </>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <Card aria-labelledby="facts">
              <CardHeader id="facts" title={t("detail.facts")} />
              <CardBody className="py-2">
                <CallFacts recording={recording} />
              </CardBody>
              {recording.numberRevision ? (
                <CorrectNumber
                  recordingId={recordingId}
                  revision={recording.numberRevision}
                  action={correctNumberAction}
                />
              ) : null}
              {recording.taxIdRevision ? (
                <CorrectTaxId
                  recordingId={recordingId}
                  revision={recording.taxIdRevision}
                  action={correctTaxIdAction}
                />
              ) : null}
            </Card>
            <CallHandling
              recordingId={recordingId}
              handling={recording.handling}
              quarantine={recording.mayQuarantine ? quarantineRecordingAction : null}
              change={
                recording.handlingRevision
                  ? { revision: recording.handlingRevision, action: changeHandlingAction }
                  : null
              }
            />
            <CallRecordings parts={parts} currentId={recordingId} />
            <Card aria-labelledby="playbacks">
              <CardHeader id="playbacks" title={t("detail.playbacks")} description={t("detail.playbacksDescription")} />
              <PlaybackList playbacks={playbacks} timeZone={unit.timeZone} />
            </Card>
          </div>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <RecordingHolds holds={holds} />
            <Card aria-labelledby="custody">
              <CardHeader id="custody" title={t("detail.custody")} />
              <CardBody className="py-2">
                <CustodyFacts
                  recording={recording}
                  isBasisOffered={isOffered(recording.policy?.legalBasis ?? null, recording.handling.sensitiveContent)}
                />
              </CardBody>
              {recording.mayReport ? <ReportTrigger recordingId={recordingId} action={reportTriggerAction} /> : null}
            </Card>
            <Card aria-labelledby="history">
              <CardHeader id="history" title={t("detail.history")} description={t("detail.historyDescription")} />
              <EventTimeline {...history} timeZone={unit.timeZone} />
            </Card>
          </div>
        </div>
      </div>
    </>
  );
}
