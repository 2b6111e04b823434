import { useSyncExternalStore } from "react";

const STORAGE_KEY = "custodia-player-shortcuts";
const listeners = new Set<() => void>();

/** Returns whether one-letter shortcuts are on in this browser, and a function to change it. Default: on. */
export function useShortcutPreference(): [boolean, (enabled: boolean) => void] {
  const enabled = useSyncExternalStore(subscribe, read, () => true);
  return [enabled, write];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// The browser may forbid storage; the shortcuts are on then.
function read(): boolean {
  try {
    return window.localStorage.getItem(STORAGE_KEY) !== "off";
  } catch {
    return true;
  }
}

function write(enabled: boolean): void {
  try {
    window.localStorage.setItem(STORAGE_KEY, enabled ? "on" : "off");
  } catch {
    return;
  }
  for (const listener of listeners) listener();
}
