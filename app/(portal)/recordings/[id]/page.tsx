import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { z } from "zod";
import {
  blockRecordingAction,
  changeHandlingAction,
  confirmCallDateAction,
  correctNumberAction,
  correctTaxIdAction,
  eraseQuarantinedAction,
  liftBlockAction,
  previewCallDateAction,
  quarantineRecordingAction,
  releaseRecordingAction,
  reportTriggerAction,
} from "@/app/(portal)/recordings/[id]/actions";
import { RecordingHeader } from "@/app/(portal)/recordings/[id]/recording-header";
import { RecordingSound } from "@/app/(portal)/recordings/[id]/recording-sound";
import { EventTimeline } from "@/components/audit/event-timeline";
import { RecordingHolds } from "@/components/legal-holds/recording-holds";
import { PlaybackList } from "@/components/playback/playback-list";
import { Blocking } from "@/components/recordings/blocking";
import { CallHandling } from "@/components/recordings/call-handling";
import { CallRecordings } from "@/components/recordings/call-recordings";
import { ConfirmCallDate } from "@/components/recordings/confirm-call-date";
import { CorrectNumber, CorrectTaxId } from "@/components/recordings/correct-value";
import { CallFacts, CustodyFacts } from "@/components/recordings/recording-facts";
import { Quarantine } from "@/components/recordings/quarantine";
import { ReportTrigger } from "@/components/recordings/report-trigger";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { readRecordingHistory } from "@/lib/recordings/read-recording-history";
import { env } from "@/lib/core/env";
import { formatZoneName } from "@/lib/i18n/format";
import { localDateTime } from "@/lib/core/time";
import { loadPage } from "@/lib/http/load-page";
import { readFilters, type SearchParams } from "@/lib/http/page-address";
import { pageContext } from "@/lib/http/page-context";
import { listRecordingHolds } from "@/lib/legal-holds/list-recording-holds";
import { listPlaybacks } from "@/lib/playback/list-playbacks";
import { listCallRecordings } from "@/lib/recordings/list-call-recordings";
import { isOffered } from "@/lib/retention/policies/legal-bases";
import { readBlock } from "@/lib/recordings/blocking/read-block";
import { readRecording } from "@/lib/recordings/read-recording";

type RecordingPageProps = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> };

/** `?at=61`: the player begins there. Set when a session ends during playback. */
const positionInput = z.object({ at: z.coerce.number().int().min(0).max(1_000_000) });

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("recordings.detail"))("pageTitle") };
}

export default async function RecordingPage({ params, searchParams }: RecordingPageProps) {
  const { id: recordingId } = await params;
  const { at = 0 }: { at?: number } = readFilters(positionInput, await searchParams);
  const recording = await loadPage(readRecording, { recordingId });
  const [playbacks, history, t, holds, { context }, parts] = await Promise.all([
    loadPage(listPlaybacks, { recordingId }),
    loadPage(readRecordingHistory, { recordingId }),
    getTranslations("recordings"),
    loadPage(listRecordingHolds, { recordingId }),
    pageContext(),
    loadPage(listCallRecordings, { recordingId }),
  ]);
  const { unit, isBlocked, seesBlock, mayBlock } = recording;
  const block = isBlocked && seesBlock ? await loadPage(readBlock, { recordingId }) : null;
  const zone = env().CONTROLLER_TIME_ZONE;
  const apart = unit.timeZone === zone ? [] : [t("detail.actsZone", { zone: formatZoneName(zone, await getLocale()) })];
  const doubt = recording.state === "stored" ? recording.dateDoubt : null;
  return (
    <>
      <RecordingHeader recording={recording} activeHolds={holds.active} actor={context.actor} />
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
        <RecordingSound
          recording={recording}
          playbacks={playbacks}
          isOneOfSeveral={parts.length > 1}
          startsAtMs={at * 1000}
        />
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
              <PlaybackList playbacks={playbacks} unitZone={unit.timeZone} />
            </Card>
          </div>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <RecordingHolds holds={holds} />
            <Blocking
              recordingId={recordingId}
              block={block}
              actions={mayBlock ? { block: blockRecordingAction, lift: liftBlockAction } : null}
            />
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
              <CardHeader
                id="history"
                title={t("detail.history")}
                description={[t("detail.historyDescription"), ...apart].join(" ")}
              />
              <EventTimeline {...history} />
            </Card>
          </div>
        </div>
      </div>
    </>
  );
}
