"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useEffect, useState } from "react";
import type { PassedPart } from "@/components/playback/call-sequence";
import type { CallSequencePlay } from "@/components/playback/use-call-sequence";
import { FormMessage } from "@/components/ui/form-message";

/** Says which part of the call this is, and which ones were passed over. A part that began by itself is announced. */
export function SequenceNotice({ sequence }: { sequence: CallSequencePlay }) {
  const t = useTranslations("player.sequence");
  const { number, total, arrived, passed } = sequence;
  const isThere = useIsThere();
  return (
    <>
      <p role="status" className="sr-only">
        {isThere && arrived ? t("arrived", { number, total }) : null}
      </p>
      <PassedParts passed={passed} />
    </>
  );
}

/** Names parts of a call that were not played, each with a link and the reason. */
export function PassedParts({ passed }: { passed: readonly PassedPart[] }) {
  const t = useTranslations("player.sequence");
  const isThere = useIsThere();
  return (
    <FormMessage tone="caution">
      {isThere && passed.length > 0 ? (
        <>
          <p>{t("passed", { count: passed.length })}</p>
          <ul>
            {passed.map(({ recordingId, number, startedAt, problem }) => (
              <li key={recordingId}>
                <Link href={`/recordings/${recordingId}` as Route} prefetch={false} className="text-accent underline">
                  {t("part", { number, startedAt })}
                </Link>
                {": "}
                {t(`problems.${problem}`)}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </FormMessage>
  );
}

/** True once the page was painted: a screen reader reads what is added to a region that was there before. */
function useIsThere(): boolean {
  const [isThere, setIsThere] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setIsThere(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return isThere;
}
