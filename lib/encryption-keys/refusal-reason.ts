/** Why a wrapping key could not be used, in a word: what the key service or the network calls it. For the log and the command line. */
export function refusalReason(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
