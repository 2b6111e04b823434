"use client";

import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import { useEffect, useState } from "react";
import type { WorkChallenge } from "@/lib/subject-requests/public-page/work-proof";

/**
 * The proof of work, in a hidden field: solved while the person fills the form, by Web Cryptography, which calculates
 * beside the page. Without it, or without JavaScript, the field stays empty and the form has stricter limits.
 */
export function WorkProof({ challenge }: { challenge: WorkChallenge }) {
  const [solution, setSolution] = useState("");
  useEffect(() => {
    const controller = new AbortController();
    if (globalThis.crypto?.subtle)
      solveChallenge({ challenge, deriveKey, controller }).then(
        (found) => found && setSolution(btoa(JSON.stringify({ challenge, solution: found }))),
        () => undefined,
      );
    return () => controller.abort();
  }, [challenge]);
  return <input type="hidden" name="solution" value={solution} readOnly />;
}
