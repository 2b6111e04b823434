#!/usr/bin/env bash
# client-zip 2.5.1: a reader that leaves, or a source that fails, leaves generators open: their `finally` never runs.
#
# Packages   npm: client-zip 2.5.1.
# Expected   Streams Standard, 4.2.5: cancelling a stream signals a loss of interest, for the underlying source to release
#            what it holds. An async iterator that `for await` or `yield*` leaves is closed (`return`).
# Happens    The wrapper around the list of files has `next` and `throw`, but no `return`; the reader of the file that is
#            being sent is never cancelled. Whatever each of them holds (a connection, a file) stays open.
# Seen       After `cancel` the file's generator is open. After a source's error the generator of the list is open.
#            2026-11-29.
# Custodia   Keeps track of what is open, and closes it (`lib/subject-requests/package/package-stream.ts`).
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" client-zip@2.5.1

cat >try.mjs <<'JS'
import { makeZip } from "client-zip";

async function left(fails) {
  const open = new Set();
  async function* tracked(name, pieces) {
    open.add(name);
    try {
      yield* pieces;
    } finally {
      open.delete(name);
    }
  }
  async function* sound() {
    for (let piece = 0; piece < 100; piece += 1) {
      if (fails && piece === 5) throw new Error("the source fails");
      yield new Uint8Array(100_000);
    }
  }
  const files = tracked("list", [1, 2].map((n) => ({ name: `${n}.wav`, input: tracked("file", sound()) })));
  const reader = makeZip(files).getReader();
  try {
    for (let read = 0; read < 6 || fails; read += 1) await reader.read();
    await reader.cancel();
  } catch {}
  await new Promise((done) => setTimeout(done, 100));
  return [...open].sort().join();
}
console.log(await left(false), await left(true));
JS
seen=$(node try.mjs)
echo "left open after a cancel and after an error: $seen"
[ "$seen" = "file list" ] || changed "left open: $seen"
