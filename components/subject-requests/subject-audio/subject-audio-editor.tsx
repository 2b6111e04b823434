"use client";

import { useTranslations } from "next-intl";
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import type { PlayableRecording } from "@/components/playback/playable-recording";
import { clockText, readClock } from "@/components/subject-requests/subject-audio/clock-text";
import { emptyDraft, SilenceFields, type Draft } from "@/components/subject-requests/subject-audio/silence-fields";
import { SilenceList } from "@/components/subject-requests/subject-audio/silence-list";
import { SilenceTrack } from "@/components/subject-requests/subject-audio/silence-track";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { RadioGroup } from "@/components/ui/radio-group";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { SilencedPart } from "@/lib/db/schema/derived-recordings";
import type { SubjectAudio } from "@/lib/subject-requests/derived-audio/read-subject-audio";

type SubjectAudioEditorProps = {
  requestId: string;
  recording: PlayableRecording & { knownChannels: number | null };
  /** What was ordered before: the form begins with it. */
  current: Pick<SubjectAudio, "form" | "subjectChannel" | "silences"> | null;
  action: FormAction<unknown>;
  /** The player of the original. */
  children: ReactNode;
};

/** Chooses what the person receives of a recording: one channel, or with silenced parts. */
export function SubjectAudioEditor({ requestId, recording, current, action, children }: SubjectAudioEditorProps) {
  const t = useTranslations("subjectAudio");
  const notify = useNotify();
  const [positionMs, setPositionMs] = useState(0);
  const [silences, setSilences] = useState<readonly SilencedPart[]>(current?.silences ?? []);
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const { form, message, problem } = useActionForm(action, () => notify(t("asked")));
  const { durationMs, waveform, knownChannels } = recording;
  const isMono = knownChannels === 1;
  const follow = (event: SyntheticEvent) => {
    if (event.target instanceof HTMLAudioElement) setPositionMs(event.target.currentTime * 1000);
  };
  const [from, to] = [readClock(draft.from), readClock(draft.to)];
  const add = (part: SilencedPart) =>
    setSilences([...silences, part].toSorted((left, right) => left.fromMs - right.fromMs));
  return (
    <>
      <div onTimeUpdateCapture={follow} onSeekedCapture={follow}>
        {children}
      </div>
      <Card aria-labelledby="silences">
        <CardHeader id="silences" title={t("silences.title")} description={t("silences.wave")} />
        <CardBody className="grid gap-4">
          {durationMs > 0 ? (
            <SilenceTrack
              {...{ waveform, durationMs, positionMs }}
              silences={silences.map(({ fromMs, toMs }) => ({ startMs: fromMs, endMs: toMs }))}
              draft={from !== null && to !== null && to > from ? { startMs: from, endMs: to } : null}
              onMark={({ startMs, endMs }) => setDraft({ ...draft, from: clockText(startMs), to: clockText(endMs) })}
            />
          ) : null}
          <SilenceFields
            {...{ draft, positionMs }}
            onDraft={setDraft}
            durationMs={durationMs > 0 ? durationMs : null}
            onAdd={add}
          />
          <SilenceList
            silences={silences}
            onRemove={(index) => setSilences(silences.filter((_, other) => other !== index))}
          />
          <form {...form} className="grid gap-4 border-t border-line pt-4">
            {message}
            <input type="hidden" name="requestId" value={requestId} />
            <input type="hidden" name="recordingId" value={recording.id} />
            <input type="hidden" name="silences" value={JSON.stringify(silences)} />
            <RadioGroup
              name="form"
              legend={t("formLabel")}
              required
              defaultValue={current ? `${current.form}${current.subjectChannel ?? ""}` : undefined}
              error={problem("form") ?? problem("silences")}
              options={[
                ...([0, 1] as const).map((channel) => ({
                  value: `subject_channel${channel}`,
                  label: `${t("forms.subject_channel")}: ${t(channel === 0 ? "channels.first" : "channels.second")}`,
                  hint: t("formHints.subject_channel"),
                  disabled: isMono,
                })),
                { value: "edited", label: t("forms.edited"), hint: t("formHints.edited") },
              ]}
            />
            <p className="text-sm text-ink-muted">{t(isMono ? "oneChannel" : "channelHint")}</p>
            <SubmitButton className="justify-self-start">{t("submit")}</SubmitButton>
          </form>
        </CardBody>
      </Card>
    </>
  );
}
