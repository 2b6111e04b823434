/** Hours, minutes and whole seconds of a position, for messages that are read aloud. */
export type ClockParts = { hours: number; minutes: number; seconds: number }

export function clockParts(milliseconds: number): ClockParts {
  const total = Math.max(0, Math.floor(milliseconds / 1000))
  return { hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: total % 60 }
}

/** A position as `m:ss`, or `h:mm:ss` when the recording `ofMs` lasts an hour or more (so that the width does not change while playing). */
export function formatClock(milliseconds: number, ofMs = milliseconds): string {
  const { hours, minutes, seconds } = clockParts(milliseconds)
  const tail = String(seconds).padStart(2, "0")
  if (Math.max(milliseconds, ofMs) < 3_600_000) return `${minutes}:${tail}`
  return `${hours}:${String(minutes).padStart(2, "0")}:${tail}`
}
