export type ParsedByteRange =
  | { kind: "full" }
  | { kind: "range"; start: number; endInclusive: number }
  | { kind: "unsatisfiable" };

const ONE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * Parses an HTTP `Range` header for an object of `sizeBytes` (RFC 9110, 14.1.2). Accepts one range and clamps its end
 * to the object. Ignores anything that is not a single well-formed byte range, as the RFC allows: the whole object is
 * sent.
 */
export function parseByteRange(header: string | null | undefined, sizeBytes: number): ParsedByteRange {
  const match = header ? ONE_RANGE.exec(header) : null;
  if (!match) return { kind: "full" };
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return { kind: "full" };
  if (first === "") return suffixRange(Number(last), sizeBytes);
  const start = Number(first);
  const end = last === "" ? sizeBytes - 1 : Number(last);
  if (last !== "" && end < start) return { kind: "full" };
  if (start >= sizeBytes) return { kind: "unsatisfiable" };
  return { kind: "range", start, endInclusive: Math.min(end, sizeBytes - 1) };
}

/** The last `count` bytes. */
function suffixRange(count: number, sizeBytes: number): ParsedByteRange {
  if (count === 0 || sizeBytes === 0) return { kind: "unsatisfiable" };
  return { kind: "range", start: Math.max(0, sizeBytes - count), endInclusive: sizeBytes - 1 };
}
