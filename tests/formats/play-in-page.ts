/** A span of time that cannot be measured closer: at least, and at most, so many seconds. */
export type Span = [atLeast: number, atMost: number];

export type Heard = {
  durationSeconds: number | null;
  /** The content type of what the portal served, from the answer to a range. */
  servedType: string;
  /** How long each pitch was heard: from the jump to the marker, and from the marker to silence. Null: never. */
  before: Span | null;
  behind: Span | null;
  /** The positions of the element's clock between which the marker was heard. */
  clock: Span | null;
  hasEnded: boolean;
  endedAtSeconds: number;
  /** The code of the element's error: 3 is decoding, 4 is "not supported". */
  error: number | null;
};

/**
 * Runs in the page, once sound was started. Jumps to a position of the player's audio element and listens by Web Audio
 * to two pitches until the end. A busy machine listens less often: that widens the spans, and falsifies none.
 */
export async function listenToMarker(input: {
  fromSeconds: number;
  pitches: readonly [number, number];
  limitMs: number;
}): Promise<Heard> {
  const audio = document.querySelector("audio")!;
  const deadline = performance.now() + input.limitMs;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
  const isOver = () => audio.error !== null || performance.now() > deadline;
  const isLoaded = () => audio.currentTime > 0 && audio.readyState >= 2 && audio.duration > input.fromSeconds;
  // A sound that stays shorter than the jump is judged all the same.
  const patience = performance.now() + input.limitMs / 4;
  while (!isLoaded() && !isOver() && performance.now() < patience) await pause();
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  analyser.smoothingTimeConstant = 0;
  context.createMediaElementSource(audio).connect(analyser);
  analyser.connect(context.destination);
  await context.resume();
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  const pitchHeard = (): "before" | "behind" | null => {
    analyser.getFloatFrequencyData(spectrum);
    const [low, high] = input.pitches.map((pitch) => {
      const bin = Math.round((pitch * analyser.fftSize) / context.sampleRate);
      return Math.max(...spectrum.slice(bin - 1, bin + 2));
    }) as [number, number];
    if (Math.max(low, high) < -70 || Math.abs(low - high) < 10) return null;
    return low > high ? "before" : "behind";
  };
  type Times = { before?: number; behind?: number };
  const [first, last, clock]: [Times, Times, Times] = [{}, {}, {}];
  audio.currentTime = input.fromSeconds;
  const jumpedAt = context.currentTime;
  while (audio.seeking && !isOver()) await pause();
  // Whoever presses play twice is not heard twice: the promise of a second play may stay open.
  if (audio.paused && !audio.ended) void audio.play().catch(() => undefined);
  const now = () => context.currentTime;
  let silentSince: number | null = now();
  // Sound may come for a second after the element said that it has ended.
  while (!isOver() && !(audio.ended && silentSince !== null && now() - silentSince > 0.7)) {
    const [pitch, at, position] = [pitchHeard(), now(), audio.currentTime];
    silentSince = pitch ? null : (silentSince ?? at);
    if (pitch) {
      first[pitch] ??= at;
      last[pitch] = at;
      if (pitch === "before") clock.before = position;
      else clock.behind ??= position;
    }
    await pause();
  }
  const span = (atLeast: number | undefined, atMost: number | undefined): Span | null =>
    atLeast === undefined || atMost === undefined || Number.isNaN(atLeast) ? null : [atLeast, atMost];
  void context.close();
  const answer = await fetch(audio.currentSrc, { headers: { range: "bytes=0-1" } });
  return {
    durationSeconds: Number.isFinite(audio.duration) ? audio.duration : null,
    servedType: answer.headers.get("content-type") ?? String(answer.status),
    before: span(last.before! - first.before!, first.behind! - jumpedAt),
    behind: span(last.behind! - first.behind!, (silentSince ?? now()) - last.before!),
    clock: span(clock.before, clock.behind),
    hasEnded: audio.ended,
    endedAtSeconds: audio.currentTime,
    error: audio.error?.code ?? null,
  };
}

/** What a page tells of a play whose sound is recorded at the device. Times are of the system's clock. */
export type DevicePlay = Pick<Heard, "durationSeconds" | "servedType" | "hasEnded" | "endedAtSeconds" | "error"> & {
  jumpedAtMs: number;
  /** The position of the element's clock at each time. */
  clock: [atMs: number, seconds: number][];
};

/** Where the page keeps what it will tell. */
export type Playing = Window & { playedFromMarker?: Promise<DevicePlay> };

/**
 * Runs in the page before sound is started, and returns at once: a busy driver would jump late. Jumps to a position of
 * the player's audio element once half a second was played, as WebKitGTK forgets earlier jumps, and plays to the end.
 */
export function beginToPlay(input: { fromSeconds: number; limitMs: number }): void {
  const audio = document.querySelector("audio")!;
  const deadline = performance.now() + input.limitMs;
  // Under load WebKitGTK draws no frame for seconds.
  const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
  const isOver = () => audio.ended || audio.error !== null || performance.now() > deadline;
  const isLoaded = () => audio.currentTime > 0.5 && audio.readyState >= 2 && audio.duration > input.fromSeconds;
  const play = async (): Promise<DevicePlay> => {
    while (!isLoaded() && !isOver()) await pause();
    audio.currentTime = input.fromSeconds;
    const jumpedAtMs = Date.now();
    const clock: [number, number][] = [];
    while (!isOver()) {
      clock.push([Date.now(), audio.currentTime]);
      await pause();
    }
    const answer = await fetch(audio.currentSrc, { headers: { range: "bytes=0-1" } });
    return {
      durationSeconds: Number.isFinite(audio.duration) ? audio.duration : null,
      servedType: answer.headers.get("content-type") ?? String(answer.status),
      hasEnded: audio.ended,
      endedAtSeconds: audio.currentTime,
      error: audio.error?.code ?? null,
      jumpedAtMs,
      clock,
    };
  };
  (window as Playing).playedFromMarker = play();
}
