#!/usr/bin/env bash
# PDFKit leaves out letters that an embedded font lacks, without an error or a mark.
#
# Packages   npm: pdfkit 0.20.2, @expo-google-fonts/ibm-plex-sans 0.4.1; unpdf 1.8.1 reads the text.
# Expected   An error, a warning, or a letter in a text that is copied or read aloud. PDFKit's guide says of characters
#            outside its built-in fonts that another font must be embedded, and nothing of what that font lacks.
# Happens    The text of "A王小明Z" has U+0000 instead of each letter that the font lacks; no error, exit code 0.
# Seen       "A\u0000\u0000\u0000Z". 2026-11-29
# Custodia   lib/receipts/pdf/embedded-fonts.ts asks each font; a letter that none has is printed as its code, with the
#            letter itself for those who copy or hear the text.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" pdfkit@0.20.2 unpdf@1.8.1 \
  @expo-google-fonts/ibm-plex-sans@0.4.1

cat >write.mjs <<'END'
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";
import { extractText, getDocumentProxy } from "unpdf";
const font = "@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf";
const pdf = new PDFDocument({ font: createRequire(import.meta.url).resolve(font) });
pdf.text("A王小明Z");
pdf.end();
const { text } = await extractText(await getDocumentProxy(new Uint8Array(await buffer(pdf))), { mergePages: true });
console.log(JSON.stringify(text));
END
node write.mjs | tee seen
grep -q '王' seen && changed "the letters are in the text"
grep -q 'A.*Z' seen || changed "the letters that the font has are not in the text"
echo "as described"
