"use client";

import { useEffect } from "react";

/** The channel between the tab that came back from the provider and the dialog that waits for it. */
export const provedChannel = "custodia-proved";

/** Tells the portal's other tabs that the person has just been confirmed, and closes this one where browsers allow. */
export function AnnounceProof() {
  useEffect(() => {
    const channel = new BroadcastChannel(provedChannel);
    channel.postMessage("proved");
    channel.close();
    window.close();
  }, []);
  return null;
}
