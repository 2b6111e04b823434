import { useSyncExternalStore } from "react";

const STORAGE_KEY = "custodia-player-shortcuts";
const listeners = new Set<() => void>();

/** Whether this browser's listener wants the one-letter shortcuts, and how to change it. On unless turned off. */
export function useShortcutPreference(): [boolean, (enabled: boolean) => void] {
  const enabled = useSyncExternalStore(subscribe, read, () => true);
  return [enabled, write];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Storage may be forbidden by the browser; then the shortcuts stay on.
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
