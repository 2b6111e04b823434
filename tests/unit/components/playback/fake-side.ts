import { PlaybackController } from "@/components/playback/playback-controller";
import type { TimeRange } from "@/components/playback/time-range";
import { FakeAudio } from "./fake-audio";

export const access = { purpose: "quality_supervision", reference: "4821" };

export type FakeSide = { audio: FakeAudio; controller: PlaybackController; asked: object[]; release: () => void };

/** A controller with the browser's edge and the purposes with which it asked for links. */
export function fakeSide(durationMs: number, silences: readonly TimeRange[] = []): FakeSide {
  const [audio, asked] = [new FakeAudio(), [] as object[]];
  const controller = new PlaybackController(durationMs, silences, (given) => {
    asked.push(given);
    return Promise.resolve({ grantId: "g", url: "/api/playback/g", expiresAt: "2099-01-01T00:00:00Z" });
  });
  audio.duration = durationMs / 1000;
  const release = controller.attach(audio as unknown as HTMLAudioElement);
  controller.grantAccess(access);
  return { audio, controller, asked, release };
}
