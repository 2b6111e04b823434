import type { Metadata, Route } from "next";
import { getTranslations } from "next-intl/server";
import { RecordingPlayback } from "@/components/playback/recording-playback";
import { SubjectAudioEditor } from "@/components/subject-requests/subject-audio/subject-audio-editor";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { env } from "@/lib/core/env";
import { formatBeside } from "@/lib/i18n/format";
import { readPlayability } from "@/lib/playback/read-playability";
import { readRecording } from "@/lib/recordings/read-recording";
import { readSubjectAudio } from "@/lib/subject-requests/derived-audio/read-subject-audio";
import { prepareSubjectAudioAction } from "./actions";
import { PreparedAudioCard } from "./prepared-audio-card";

type SubjectAudioPageProps = { params: Promise<{ requestId: string; recordingId: string }> };

const purposes = [{ value: "subject_request", labelKey: "player.purposes.subject_request" }];

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectAudio"))("title") };
}

export default async function SubjectAudioPage({ params }: SubjectAudioPageProps) {
  const { requestId, recordingId } = await params;
  const audio = await loadPage(readSubjectAudio, { requestId, recordingId });
  const [recording, t] = await Promise.all([loadPage(readRecording, { recordingId }), getTranslations("subjectAudio")]);
  const { state, isEmpty, isQuarantined, isBlocked, durationMs, channels, contentType, waveform } = recording;
  const isPlayable = state === "stored" && !isEmpty && !isQuarantined && !isBlocked;
  const playability = isPlayable ? await loadPage(readPlayability, { recordingId }) : null;
  const start = formatBeside(recording.startedAt, recording.unit.timeZone, env().CONTROLLER_TIME_ZONE);
  const sound = { id: recordingId, durationMs: durationMs ?? 0, channels: channels ?? 1, contentType, waveform };
  return (
    <>
      <PageHeader
        title={t("title")}
        description={`${start}. ${t("description")}`}
        parent={{ href: `/privacy-requests/${requestId}/recordings` as Route, label: t("back") }}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {playability ? (
          <SubjectAudioEditor
            requestId={requestId}
            recording={{ ...sound, knownChannels: channels }}
            current={audio}
            action={prepareSubjectAudioAction}
          >
            <RecordingPlayback
              {...{ playability, purposes, sides: null, order: null, sentRanges: [], canDownload: false }}
              recording={sound}
            />
          </SubjectAudioEditor>
        ) : (
          <Card>
            <CardBody>{t("unplayable")}</CardBody>
          </Card>
        )}
        <PreparedAudioCard audio={audio} />
      </div>
    </>
  );
}
