/** True if a link leads to another origin, such as the object store in `presigned` delivery. */
export function isForeign(url: string): boolean {
  return new URL(url, window.location.href).origin !== window.location.origin;
}

/** Gives the element a new link. With `cors`, audio of another origin may use Web Audio, if its server agrees. */
export function loadSource(audio: HTMLAudioElement, url: string, cors: boolean): void {
  if (cors) audio.crossOrigin = "anonymous";
  else audio.removeAttribute("crossorigin");
  audio.src = url;
  audio.load();
}

/**
 * True if the element failed with MEDIA_ERR_DECODE or MEDIA_ERR_SRC_NOT_SUPPORTED. It also reports the latter when a
 * link was refused or cut before the sound began.
 */
export function failedInDecoding(audio: HTMLAudioElement | null): boolean {
  return audio?.error?.code === 3 || audio?.error?.code === 4;
}

/** Sets the speed without changing the pitch. A new source uses the default rate, so both are set. */
export function applyRate(audio: HTMLAudioElement, rate: number): void {
  audio.preservesPitch = true;
  audio.defaultPlaybackRate = rate;
  audio.playbackRate = rate;
}

/** True if the page can set the volume; iOS ignores it. */
export function canSetVolume(audio: HTMLAudioElement): boolean {
  const before = audio.volume;
  audio.volume = 0.5;
  const isSet = audio.volume === 0.5;
  audio.volume = before;
  return isSet;
}

/** Listens to several events of the element. Returns a function that stops it. */
export function listen(
  audio: HTMLAudioElement,
  handlers: Partial<Record<keyof HTMLMediaElementEventMap, () => void>>,
): () => void {
  const entries = Object.entries(handlers);
  for (const [name, handler] of entries) audio.addEventListener(name, handler);
  return () => {
    for (const [name, handler] of entries) audio.removeEventListener(name, handler);
  };
}
