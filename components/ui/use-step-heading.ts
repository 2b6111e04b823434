"use client";

import { useEffect, useRef } from "react";

/** The heading of a step that has just come: it takes the focus, so that a screen reader goes on there. */
export function useStepHeading() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return heading;
}
