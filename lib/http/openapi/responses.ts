import { errorStatus, type ErrorCode } from "@/lib/core/errors";

const example = (code: string, status: number) => ({
  type: `urn:custodia:problem:${code}`,
  title: code.replaceAll("_", " "),
  status,
  code,
  requestId: "01937d5c-7a10-7c3e-9a0b-6f2d4c1e8b55",
});

/** Problem responses by status: each says which codes it may hold, with an example of each. */
export function problems(codes: Record<string, number>) {
  const byStatus = Map.groupBy(Object.entries(codes), ([, status]) => String(status));
  return Object.fromEntries([...byStatus].sort().map(([status, entries]) => [status, problemResponse(entries)]));
}

/** Statuses of the portal's own codes. */
export function statusOf(...codes: ErrorCode[]): Record<string, number> {
  return Object.fromEntries(codes.map((code) => [code, errorStatus[code]]));
}

function problemResponse(entries: [code: string, status: number][]) {
  return {
    description: entries.map(([code]) => `\`${code}\``).join(", "),
    content: {
      "application/problem+json": {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(entries.map(([code, status]) => [code, { value: example(code, status) }])),
      },
    },
  };
}

/** A JSON answer of a named schema, with examples by their names. */
export function json(
  description: string,
  schema: string,
  values: Record<string, object>,
  headers?: Record<string, unknown>,
) {
  const examples = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  const content = { "application/json": { schema: { $ref: `#/components/schemas/${schema}` }, examples } };
  return { description, ...(headers ? { headers } : {}), content };
}
