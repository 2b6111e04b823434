import { vi } from "vitest";

/** The browser's edge around an audio element: a page that is seen, hidden or left. */
export function fakePage() {
  const page = Object.assign(new EventTarget(), { location: new URL("https://custodia.example/recordings/1") });
  const tab = Object.assign(new EventTarget(), { visibilityState: "visible" });
  vi.stubGlobal("window", page);
  vi.stubGlobal("document", tab);
  return {
    leave: () => page.dispatchEvent(new Event("pagehide")),
    show: (visibilityState: "visible" | "hidden") => {
      tab.visibilityState = visibilityState;
      tab.dispatchEvent(new Event("visibilitychange"));
    },
  };
}
