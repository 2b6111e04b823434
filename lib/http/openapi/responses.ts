import { errorStatus, type ErrorCode } from "@/lib/core/errors";
import { rejectionCodes } from "@/lib/uploads/upload-verdict";

const exampleOf = (code: string, status: number) => ({
  type: `urn:custodia:problem:${code}`,
  title: code.replaceAll("_", " "),
  status,
  code,
  requestId: "01937d5c-7a10-7c3e-9a0b-6f2d4c1e8b55",
});

/** Problem responses by status, each with its possible codes and an example of each code. */
export function refusals(...codes: ErrorCode[]) {
  const byStatus = Map.groupBy(new Set(codes), (code) => String(errorStatus[code]));
  return Object.fromEntries([...byStatus].sort().map(([status, sameStatus]) => [status, problemResponse(sameStatus)]));
}

function problemResponse(codes: readonly ErrorCode[]) {
  return {
    description: codes.map((code) => `\`${code}\``).join(", "),
    content: {
      "application/problem+json": {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code, errorStatus[code]) }])),
      },
    },
  };
}

/** Errors of every call that needs a key. */
export const authentication = [
  "unknown_api_key",
  "unauthenticated",
  "forbidden",
  "cross_site",
  "password_change_required",
  "internal",
] as const;

/** Errors of every call with a JSON body. */
export const unreadableBody = ["invalid_json", "unsupported_media_type", "too_large", "invalid_input"] as const;

/** Errors of every call that verifies and stores a recording. */
export const refusedContent = [
  ...rejectionCodes,
  "default_policy_required",
  "store_unavailable",
  "key_unavailable",
] as const;

const mediaOf = (schema: string, values: Record<string, object>) => ({
  "application/json": {
    schema: { $ref: `#/components/schemas/${schema}` },
    examples: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
  },
});

/** A JSON response with a named schema and examples by name. */
export function json(
  description: string,
  schema: string,
  values: Record<string, object>,
  headers?: Record<string, unknown>,
) {
  return { description, ...(headers ? { headers } : {}), content: mediaOf(schema, values) };
}

/** A JSON request body with a named schema and examples by name. */
export function jsonBody(schema: string, values: Record<string, object>, required = true) {
  return { required, content: mediaOf(schema, values) };
}

/** A request body of audio. */
export const audioBody = (description: string) => ({ required: true, description, content: { "audio/*": {} } });

/** A header of a request. */
export const header = (name: string, description: string, type: "string" | "integer" = "string", required = true) => ({
  name,
  in: "header",
  required,
  description,
  schema: { type },
});

/** The parameter of every path of one recording. */
export const recordingId = {
  name: "id",
  in: "path",
  required: true,
  description: "Id of the recording, as the ticket states it",
  schema: { type: "string", format: "uuid" },
};
