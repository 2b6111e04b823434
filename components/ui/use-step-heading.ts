"use client";

import { useEffect, useRef } from "react";

/** Focuses the heading of a new step, so that a screen reader continues there. */
export function useStepHeading() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return heading;
}
