import { useFormatter, useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { TimeText } from "@/components/ui/time-text";
import { formatDuration } from "@/lib/i18n/format";
import type { Playback } from "@/lib/playback/list-playbacks";

/** Lists who was given access to a recording, why, and what was sent to them. */
export function PlaybackList({ playbacks, unitZone }: { playbacks: Playback[]; unitZone: string }) {
  const t = useTranslations("recordings.detail");
  if (playbacks.length === 0) return <p className="p-4 text-ink-muted">{t("noPlaybacks")}</p>;
  return (
    <ul className="divide-y divide-line">
      {playbacks.map((playback) => (
        <li key={playback.id} className="grid gap-0.5 px-4 py-2.5">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="font-medium">{playback.person}</span>
            <TimeText
              value={playback.createdAt}
              beside={unitZone}
              as="seconds"
              className="text-sm text-ink-muted tabular-nums"
            />
          </div>
          <PlaybackPurposeLine playback={playback} />
          <p className="text-sm text-ink-muted tabular-nums">
            {t("parts")}: <PlaybackParts playback={playback} />
          </p>
          {playback.kind === "play" ? <Heard playback={playback} /> : null}
        </li>
      ))}
    </ul>
  );
}

function PlaybackPurposeLine({ playback }: { playback: Playback }) {
  const t = useTranslations();
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm">
      <Badge tone={playback.kind === "download" ? "caution" : "neutral"}>
        {t(`recordings.detail.kinds.${playback.kind}`)}
      </Badge>
      {playback.object === "original" ? null : <span>{t(`codes.object.${playback.object}`)}</span>}
      <span>{t(`player.purposes.${playback.purpose}`)}</span>
      <span className="text-ink-muted">{playback.reference}</span>
    </p>
  );
}

/** What the player reported: the word of a browser, and named as that. */
function Heard({ playback: { heard, playFailure } }: { playback: Playback }) {
  const t = useTranslations("recordings.detail");
  const format = useFormatter();
  const how = ({ rate, isHidden, muted }: Playback["heard"][number]) =>
    [
      rate === 1 ? null : t("heardHow", { rate: format.number(rate) }),
      isHidden ? t("heardHidden") : null,
      muted === "none" ? null : t(`heardMuted.${muted}`),
    ].filter((word) => word !== null);
  const texts = heard.map((part) => [partText(part), ...bracketed(how(part))].join(" "));
  return (
    <p className="text-sm text-ink-muted tabular-nums">
      {t("heard")}: {texts.length === 0 ? t("nothingHeard") : texts.join(", ")}
      {playFailure ? ` · ${t("playFailed")}` : null}
    </p>
  );
}

const bracketed = (words: string[]) => (words.length === 0 ? [] : [`(${words.join("; ")})`]);

const partText = ({ startMs, endMs }: { startMs: number; endMs: number }) =>
  `${formatDuration(startMs / 1000)}–${formatDuration(endMs / 1000)}`;

function PlaybackParts({ playback }: { playback: Playback }) {
  const t = useTranslations("recordings.detail");
  if (playback.delivery === "presigned") return t("presignedParts");
  if (playback.parts.length === 0) return t("nothingSent");
  return playback.parts.map(partText).join(", ");
}
