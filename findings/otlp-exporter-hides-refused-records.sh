#!/usr/bin/env bash
# OpenTelemetry's exporter of logs calls a batch delivered of which the receiver refused a part.
#
# Packages   npm: @opentelemetry/exporter-logs-otlp-http 0.301.0.
# Expected   OTLP 1.x, "Partial Success": the answer 200 with rejectedLogRecords > 0 says how many records were not taken.
#            Who asked for the export can know it from the result.
# Happens    The result is {code: 0} (SUCCESS) without an error, as if all were taken; a diagnostic message alone has it,
#            which nobody sees without a logger of diagnostics. A receiver that answers 503 is asked five times within
#            some nine seconds; then the batch fails and is whoever called export()'s to keep.
# Seen       "{"code":0}", twice: once for the batch that was taken, once for the one that was refused. 2026-11-30
# Custodia   lib/notifications/siem/otlp-request.ts uses the serialiser alone, and reads partialSuccess itself.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" \
  @opentelemetry/exporter-logs-otlp-http@0.301.0 @opentelemetry/resources@3.1.1 2>/dev/null

cat >export.mjs <<'END'
import { createServer } from "node:http";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
const record = {
  ...{ hrTime: [1, 0], hrTimeObserved: [1, 0], body: "an event", attributes: {}, droppedAttributesCount: 0 },
  ...{ resource: resourceFromAttributes({}), instrumentationScope: { name: "scope" } },
};
const answers = ["{}", '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"refused"}}'];
const server = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(answers.shift()));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const exporter = new OTLPLogExporter({ url: `http://127.0.0.1:${server.address().port}/v1/logs` });
for (const _ of ["taken", "refused"])
  console.log(JSON.stringify(await new Promise((resolve) => exporter.export([record], resolve))));
await exporter.shutdown();
server.close();
END
node export.mjs | tee seen
[ "$(grep -cF '{"code":0}' seen)" = 2 ] || changed "the exporter tells refused records from taken ones"
echo "as described"
