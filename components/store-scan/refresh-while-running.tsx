"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const everyMs = 5_000;

/** Asks for the page anew while a job runs and somebody looks at it. Shows nothing. */
export function RefreshWhileRunning() {
  const { refresh } = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [refresh]);
  return null;
}
