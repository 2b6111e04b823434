const DISCARD_AT_MOST_BYTES = 1024 * 1024;

/**
 * Reads away the small body of a refused request, so that the connection can be used again and the sender gets to
 * read the answer. A large one is cancelled: the connection ends.
 */
export async function discardBody(request: Request): Promise<void> {
  const { body } = request;
  if (!body || body.locked || request.bodyUsed) return;
  let discarded = 0;
  try {
    for await (const piece of body) {
      discarded += piece.length;
      if (discarded > DISCARD_AT_MOST_BYTES) return;
    }
  } catch {
    // The sender went away: there is nobody to answer.
  }
}
