#!/usr/bin/env bash
# hucre writes a text that looks like an escape of OOXML unchanged, so that readers of the workbook see another text.
#
# Packages   npm: hucre 1.0.0.
# Expected   ISO/IEC 29500-1, 22.9.2.19 (ST_Xstring): a literal "_xHHHH_" is written as "_x005F_xHHHH_", because a reader
#            replaces "_xHHHH_" by that character. hucre does so with control characters, which it writes as "_x0001_".
# Happens    "nota_x0041_2026" is written as it is. Read again, also by hucre itself, it is "notaA2026"; no error.
# Seen       "notaA2026". 2026-11-30
# Custodia   lib/audit/table/event-table-xlsx.ts escapes such texts before it gives them to hucre.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" hucre@1.0.0

cat >write.mjs <<'END'
import { buffer } from "node:stream/consumers";
import { readXlsx, writeXlsxStream } from "hucre/xlsx";
const texts = ["nota_x0041_2026", "nota_x005F_x0041_2026", "a\u0001b"];
const bytes = await buffer(writeXlsxStream([texts], { name: "E", columns: texts.map((header) => ({ header: "h" })) }));
const { sheets } = await readXlsx(bytes);
console.log(JSON.stringify(sheets[0].rows[1]));
END
node write.mjs | tee seen
grep -qF '"nota_x0041_2026","nota_x005F_x0041_2026"' seen && changed "the text is read as it was written"
grep -qF '["notaA2026","nota_x0041_2026","a\u0001b"]' seen || changed "the texts are read in another way"
echo "as described"
