import { AppError } from "@/lib/core/errors";

/** Each export holds a database connection until its reader finishes. Pages and uploads need the other connections. */
const mostAtOnce = 2;
let running = 0;

/** @throws AppError `unavailable` while the maximum number of exports is running. */
export function assertExportMayStart(): void {
  if (running >= mostAtOnce) throw new AppError("unavailable", "exports are running", { retryAfterSeconds: 60 });
}

/** Counts an export as running from its first piece until its reader finishes or disconnects. */
export async function* holdingSlot<Piece>(pieces: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  running += 1;
  try {
    yield* pieces;
  } finally {
    running -= 1;
  }
}
