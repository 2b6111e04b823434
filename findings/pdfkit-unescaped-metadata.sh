#!/usr/bin/env bash
# PDFKit writes title, author and subject into the XML metadata of a file as they are: "&" and "<" break it.
#
# Packages   npm: pdfkit 0.20.2.
# Expected   ISO 16684-1 (XMP), 7.1: a packet is well-formed XML, so that "Silva & Filhos" stands as "Silva &amp; Filhos".
# Happens    The packet has "<rdf:li>Silva & Filhos <br></rdf:li>": no XML parser reads it; no error, exit code 0.
# Seen       "Silva & Filhos <br>" in the file. 2026-11-30.
# Custodia   lib/receipts/pdf/pdf-writer.ts escapes the properties between their two uses.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" pdfkit@0.20.2

cat >write.mjs <<'END'
import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";
const pdf = new PDFDocument({ pdfVersion: "1.7", info: { Author: "Silva & Filhos <br>" } });
pdf.text("A");
pdf.end();
const [, author] = /<dc:creator>\s*<rdf:Seq>\s*<rdf:li>(.*)<\/rdf:li>/.exec((await buffer(pdf)).toString("utf8"));
console.log(author);
END
seen=$(node write.mjs)
echo "author in the metadata: $seen"
[ "$seen" = "Silva & Filhos <br>" ] || changed "$seen"
echo "as described"
