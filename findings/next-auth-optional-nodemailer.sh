#!/usr/bin/env bash
# next-auth 4.24.15: a project that uses nodemailer 10 itself, and no e-mail provider, cannot install both.
#
# Packages   npm: next-auth 4.24.15, nodemailer 10.6.1, next 16.4.6, react and react-dom 19.3.1.
# Expected   nodemailer is an optional peer ("peerDependenciesMeta"), for the e-mail provider alone: a project without
#            that provider chooses its own.
# Happens    npm enforces the range of an optional peer as soon as the package is there for another reason: ^7.0.7 rules
#            out 8, 9 and 10, and `npm install` ends with ERESOLVE. An override for next-auth alone is enough.
# Seen       ERESOLVE without, a resolved tree with `"overrides": { "next-auth": { "nodemailer": "$nodemailer" } }`.
#            2026-11-29.
# Custodia   package.json has the override. The portal signs in by password and has no e-mail provider.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

project() {
  cat >package.json <<END
{ "private": true, "overrides": $1, "dependencies": {
  "next-auth": "4.24.15", "nodemailer": "10.6.1", "next": "16.4.6", "react": "19.3.1", "react-dom": "19.3.1" } }
END
  rm -f package-lock.json
}
resolve() { npm install --package-lock-only --ignore-scripts --no-audit --no-fund >output 2>&1; }

project '{}'
! resolve || changed "npm resolves next-auth and nodemailer 10 together"
grep -q ERESOLVE output || changed "npm fails for another reason"

project '{ "next-auth": { "nodemailer": "$nodemailer" } }'
resolve || changed "the override is not enough"
grep -q '"node_modules/nodemailer"' package-lock.json || changed "nodemailer is not in the tree"
echo "as described: an optional peer of next-auth rules out nodemailer 10"
