"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { endHandover, handedOver, handOver, nextPart, type Handover } from "@/components/playback/call-sequence";
import { PassedParts } from "@/components/playback/sequence-notice";

/**
 * On the page of a recording that has no player: if it was about to play as a part of a call, goes on with the next
 * one, or says that nothing is left to play.
 */
export function PassedRecording({ recordingId }: { recordingId: string }) {
  const router = useRouter();
  const [arrived] = useState(() => handedOver(recordingId));
  const after = arrived && passOver(arrived);
  const goOn = useEffectEvent(() => {
    endHandover();
    if (!after || after.next === null) return;
    const { parts } = after.handover.order;
    handOver({ ...after.handover, order: { parts, current: after.next } });
    router.replace(`/recordings/${parts[after.next]!.recordingId}` as Route, { scroll: false });
  });
  useEffect(() => goOn(), []);
  return after?.next === null ? <PassedParts passed={after.handover.passed} /> : null;
}

function passOver(handover: Handover): { handover: Handover; next: number | null } {
  const { order, passed: before } = handover;
  const { problem: _, ...part } = order.parts[order.current]!;
  const { next, passed } = nextPart(order);
  const here = { ...part, number: order.current + 1, problem: "gone" as const };
  return { next, handover: { ...handover, passed: [...before, here, ...passed] } };
}
