#!/usr/bin/env bash
# drizzle-orm 0.45.4: in a selection of one table, the columns in an `sql` text lose their table, but only outermost ones.
#
# Packages   npm: drizzle-orm 0.45.4, postgres 3.4.9.
# Expected   Documentation, "Magic sql operator": a column in the template becomes its escaped name with its table.
# Happens    Where a select, an update or a deletion has one table, each column that stands in the text of a selected or
#            returned `sql` itself becomes a bare name. In an `sql` inside that `sql` it keeps its table.
# Seen       `(select max(n) from other where other.owner = "id")`: if `other` has an id of its own, it is compared with
#            that, silently. 2026-11-29.
# Custodia   Writes such conditions as an `sql` of their own (`lib/deletion/claim-erasure.ts`).
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" drizzle-orm@0.45.4 postgres@3.4.9

cat >try.mjs <<'JS'
import { sql } from "drizzle-orm";
import { pgTable, text } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";

const things = pgTable("things", { id: text("id") });
const db = drizzle.mock();
const textOf = (selected) => db.select({ selected }).from(things).toSQL().sql;
const own = sql`other.owner = ${things.id}`;
console.log(textOf(sql`(select max(n) from other where other.owner = ${things.id})`));
console.log(textOf(sql`(select max(n) from other where ${own})`));
JS
seen=$(node try.mjs)
echo "$seen"
grep -q 'other.owner = "id")' <<<"$seen" || changed "an outermost column keeps its table"
grep -q 'other.owner = "things"."id")' <<<"$seen" || changed "an inner column loses its table"
