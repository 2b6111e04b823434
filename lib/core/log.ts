import pino, { type Logger } from "pino";

/** The log: JSON lines on standard output. Only ids and codes; never personal data, tokens or signed URLs. */
export const log: Logger = pino({
  name: "custodia",
  // Read without env(), because the logger must also report an invalid environment.
  level: /^(trace|debug|info|warn|error|fatal|silent)$/.test(process.env.LOG_LEVEL ?? "")
    ? process.env.LOG_LEVEL!
    : "info",
  serializers: { error: describeError },
});

/** Describes an error without the parameters of a failed statement, which may be personal data. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, stack } = error;
  const code = "code" in error ? String(error.code) : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  const frames = stack?.split("\n").filter((line) => line.startsWith("    at "));
  return { name, code, message: isDatabaseError(error) ? databaseMessage(error) : error.message, stack: frames, cause };
}

function isDatabaseError(error: Error): boolean {
  return error.name === "PostgresError" || "query" in error || error.message.startsWith("Failed query");
}

function databaseMessage(error: Error): string {
  return error.name === "PostgresError" ? error.message : "a statement failed";
}
