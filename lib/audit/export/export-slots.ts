import { AppError } from "@/lib/core/errors";

/** Each stream holds a connection as long as its reader takes; pages and uploads need the others. */
const mostAtOnce = 2;
let running = 0;

/** @throws AppError `unavailable` while as many exports are being read as there may be at once. */
export function assertExportMayStart(): void {
  if (running >= mostAtOnce) throw new AppError("unavailable", "exports are running", { retryAfterSeconds: 60 });
}

/** Counts an export from its first piece until its reader is done or gone. */
export async function* holdingSlot<Piece>(pieces: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  running += 1;
  try {
    yield* pieces;
  } finally {
    running -= 1;
  }
}
