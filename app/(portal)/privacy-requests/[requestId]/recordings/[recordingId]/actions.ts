"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import {
  prepareSubjectAudio,
  type PrepareSubjectAudioInput,
} from "@/lib/subject-requests/derived-audio/prepare-subject-audio";

export async function prepareSubjectAudioAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(prepareSubjectAudio, audioInput(form)));
}

/** "subject_channel1" is the second channel. What cannot be read is refused by the operation. */
function audioInput(form: FormData): PrepareSubjectAudioInput {
  const { requestId, recordingId, form: chosen = "", silences = "" } = formInput<Record<string, string>>(form);
  const [, channel] = /^subject_channel(\d)$/.exec(chosen) ?? [];
  const audio = channel === undefined ? { form: chosen } : { form: "subject_channel", subjectChannel: Number(channel) };
  return { requestId, recordingId, ...audio, silences: readJson(silences) } as PrepareSubjectAudioInput;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
