import { getLocale, getTranslations } from "next-intl/server";
import { RefreshWhileRunning } from "@/components/store-scan/refresh-while-running";
import { PreparedAudio } from "@/components/subject-requests/subject-audio/prepared-audio";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatBytes, formatDuration } from "@/lib/i18n/format";
import type { SubjectAudio } from "@/lib/subject-requests/derived-audio/read-subject-audio";

/** The audio that was ordered: how far it is, until when it is kept, and its player. */
export async function PreparedAudioCard({ audio }: { audio: SubjectAudio | null }) {
  const [t, codes, locale] = await Promise.all([
    getTranslations("subjectAudio"),
    getTranslations("codes.causes"),
    getLocale(),
  ]);
  return (
    <Card aria-labelledby="prepared">
      <CardHeader id="prepared" title={t("state.title")} />
      <CardBody className="grid gap-3">
        {audio === null ? <p className="text-ink-muted">{t("state.none")}</p> : null}
        {audio?.state === "waiting" || audio?.state === "storing" ? (
          <>
            <p role="status">{t(`state.${audio.state}`)}</p>
            <RefreshWhileRunning />
          </>
        ) : null}
        {audio?.state === "failed" ? (
          <p role="status">{t("state.failed", { cause: codes(audio.failureCode as "no_such_channel") })}</p>
        ) : null}
        {audio?.state === "ready" ? (
          <PreparedAudio
            derivedId={audio.id}
            durationMs={audio.durationMs!}
            channels={audio.subjectChannel === null ? 1 : 2}
          >
            <p role="status">
              <span className="block font-medium">{t(`forms.${audio.form}`)}</span>
              {t("state.ready", {
                duration: formatDuration(audio.durationMs! / 1000),
                size: formatBytes(audio.sizeBytes!, locale),
              })}{" "}
              {t("state.keptUntil", { date: writtenDay(audio.keepUntil, locale) })}
            </p>
          </PreparedAudio>
        ) : null}
      </CardBody>
    </Card>
  );
}

/** "2027-02-27" as people write it. */
const writtenDay = (day: string, locale: string) => (locale === "pt-BR" ? day.split("-").toReversed().join("/") : day);
