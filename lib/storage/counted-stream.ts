import { StoreError } from "@/lib/storage/store-error";

/** Passes a store's answer on, and fails at its end when it was shorter or longer than the store said. */
export async function* counted(body: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const piece of body) {
    seen += piece.length;
    yield piece;
  }
  if (seen !== sizeBytes) throw new StoreError("unavailable", "The store ended the range early.");
}
