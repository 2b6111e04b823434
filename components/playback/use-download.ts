import { useState } from "react";
import type { PlaybackAccess } from "@/components/playback/grant-machine";

/** Requests a link with `Content-Disposition: attachment`. Returns it, or the code of a refusal. */
export type RequestDownload = (access: PlaybackAccess) => Promise<{ url: string } | { error: string }>;

export type Download = { isPending: boolean; failure: string | null; start: (access: PlaybackAccess) => Promise<void> };

/** Requests a download link and follows it. `failure` is a code: the server's, or `unreachable`. */
export function useDownload(requestDownload: RequestDownload | undefined): Download {
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const start = async (access: PlaybackAccess) => {
    if (!requestDownload) return;
    setIsPending(true);
    setFailure(null);
    const answer = await requestDownload(access).catch(() => ({ error: "unreachable" }));
    setIsPending(false);
    if ("error" in answer) setFailure(answer.error);
    else follow(answer.url);
  };
  return { isPending, failure, start };
}

function follow(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
