#!/usr/bin/env bash
# dependency-cruiser 18.7.2 beside typescript 7.0.2 reads no TypeScript file, and succeeds.
#
# Packages   npm: dependency-cruiser 18.7.2 with typescript 7.0.2, then with typescript 6.0.3.
# Expected   A checker that cannot read its input fails. Its doc/cli.md recommends the default reporter, `err`, for
#            build scripts: exit code 0 if no rule is violated.
# Happens    With typescript 7 it visits 0 modules, prints a note (missing-tsc-transpiler) and exits 0. With typescript
#            6 the same folder has 2 modules and breaks 1 rule, and the exit code is 1.
# Seen       typescript 7.0.2: "no dependency violations found (0 modules, 0 dependencies cruised)", exit 0
#            typescript 6.0.3: "1 dependency violations (1 errors, 0 warnings). 2 modules, ...", exit 1
#            2026-11-29, Node.js 24.21.0.
# Custodia   An upgrade of TypeScript would switch off the check of the rules between rooms. scripts/architecture.mjs
#            fails if a module of the project was not read.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" dependency-cruiser@18.7.2 typescript@7.0.2

mkdir src
echo 'import { keep } from "./store.ts"; export const page = keep;' >src/page.ts
echo 'export const keep = 1;' >src/store.ts
cat >rules.cjs <<'END'
module.exports = {
  forbidden: [{ name: "page-not-to-store", severity: "error", from: { path: "page" }, to: { path: "store" } }],
};
END

cruise() {
  code=0
  output=$(node_modules/.bin/depcruise --config rules.cjs src 2>&1) || code=$?
  echo "typescript $1: exit $code, $(grep -o '[0-9]* modules, [0-9]* dependencies cruised' <<<"$output")"
}

cruise 7.0.2
[ "$code" -eq 0 ] || changed "with typescript 7 depcruise now exits $code"
grep -q '(0 modules' <<<"$output" || changed "depcruise now reads modules with typescript 7"

npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" typescript@6.0.3
cruise 6.0.3
[ "$code" -eq 1 ] || changed "with typescript 6 depcruise exits $code, 1 was expected"
grep -q '2 modules' <<<"$output" || changed "with typescript 6 depcruise no longer reads both modules"
echo "as described"
