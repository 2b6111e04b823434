import pino, { type Logger } from "pino";

/**
 * The ordinary log: JSON lines on standard output. Ids and codes only; never personal data, never a token or a URL with
 * a signature.
 */
export const log: Logger = pino({
  name: "custodia",
  // Read here and not through env(): the logger must work when the environment itself is what is wrong.
  level: /^(trace|debug|info|warn|error|fatal|silent)$/.test(process.env.LOG_LEVEL ?? "")
    ? process.env.LOG_LEVEL!
    : "info",
  serializers: { error: describeError },
});

/** What is worth keeping of an error: parameters of a failed statement may be personal data and are left out. */
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
