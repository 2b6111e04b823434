import { useTranslations } from "next-intl";
import type { DecidableRight } from "@/lib/subject-requests/deciding/read-decisions";

/** Which step comes first of a right that cannot be decided yet, or that is answered without a decision. */
export function FirstStep({ state }: { state: DecidableRight["state"] }) {
  const t = useTranslations("subjectRequests.deciding.before");
  if (!isBefore(state)) return null;
  return (
    <p role="note" className="rounded-md bg-info-soft px-4 py-3 text-info">
      {t(state)}
    </p>
  );
}

const before = [
  "received",
  "reopened",
  "verifying_identity",
  "triage",
  "finding",
  "awaiting_subject",
  "unverified",
  "forwarded",
  "withdrawn",
] as const satisfies readonly DecidableRight["state"][];

type Before = (typeof before)[number];

export const isBefore = (state: DecidableRight["state"]): state is Before =>
  (before as readonly DecidableRight["state"][]).includes(state);
