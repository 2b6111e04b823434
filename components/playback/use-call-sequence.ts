import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import {
  type CallOrder,
  endHandover,
  handedOver,
  handOver,
  nextPart,
  type PassedPart,
} from "@/components/playback/call-sequence";
import type { PlaybackAccess } from "@/components/playback/grant-machine";

/** How a page takes part in playing the parts of a call one after the other. Null: the recording is the whole call. */
export function useCallSequence(recordingId: string, order: CallOrder | null) {
  const router = useRouter();
  const [arrived] = useState(() => handedOver(recordingId));
  const [left, setLeft] = useState<PassedPart[]>([]);
  useEffect(endHandover, []);
  if (!order || order.parts.length < 2) return null;
  const { next, passed } = nextPart(order);
  const goOn = (access: PlaybackAccess, hadFocus: boolean) => {
    if (next === null) return setLeft(passed);
    handOver({ order: { ...order, current: next }, access, passed, hadFocus });
    router.replace(`/recordings/${order.parts[next]!.recordingId}` as Route, { scroll: false });
  };
  return {
    number: order.current + 1,
    total: order.parts.length,
    arrived,
    /** What was passed over on the way here, or at the end of the call. */
    passed: left.length > 0 ? left : (arrived?.passed ?? []),
    nextNumber: next === null ? null : next + 1,
    goOn,
  };
}

export type CallSequencePlay = NonNullable<ReturnType<typeof useCallSequence>>;
