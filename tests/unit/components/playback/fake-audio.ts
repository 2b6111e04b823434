/** The browser's edge: an audio element that loads at once and plays when the test says so. */
export class FakeAudio extends EventTarget {
  src = "";
  currentTime = 0;
  duration = 60;
  volume = 1;
  muted = false;
  paused = true;
  ended = false;
  readyState = 0;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  preservesPitch = false;
  crossOrigin: string | null = null;
  error: { code: number } | null = null;
  buffered = { length: 0, start: () => 0, end: () => 0 };

  removeAttribute(): void {
    this.crossOrigin = null;
  }

  load(): void {
    Object.assign(this, { currentTime: 0, paused: true, readyState: 0, error: null });
    this.playbackRate = this.defaultPlaybackRate;
  }

  loaded(): void {
    this.readyState = 4;
    this.dispatchEvent(new Event("loadedmetadata"));
  }

  /** What a browser answers that plays nothing without a press. */
  refusal: Error | null = null;
  plays = 0;

  play(): Promise<void> {
    this.plays += 1;
    if (this.refusal) return Promise.reject(this.refusal);
    this.paused = false;
    this.dispatchEvent(new Event("playing"));
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
  }

  playTo(seconds: number): void {
    this.currentTime = seconds;
    this.dispatchEvent(new Event("timeupdate"));
  }

  fail(code = 2): void {
    this.error = { code };
    this.dispatchEvent(new Event("error"));
  }
}
