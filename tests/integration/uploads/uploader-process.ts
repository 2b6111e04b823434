import { request } from "node:http";
import { readFileSync } from "node:fs";

/**
 * A phone system that is killed at one point of its upload. CUSTODIA_UPLOAD holds, as JSON, the point, the portal's
 * address, the API key, the metadata and the file.
 */
const { point, origin, apiKey, metadata, file } = JSON.parse(process.env.CUSTODIA_UPLOAD!) as {
  point: string;
  origin: string;
  apiKey: string;
  metadata: unknown;
  file: string;
};
const die = () => process.kill(process.pid, "SIGKILL");

const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
const asked = await fetch(`${origin}/api/recordings`, { method: "POST", headers, body: JSON.stringify(metadata) });
const { upload } = (await asked.json()) as { upload: { url: string; headers: Record<string, string> } };
if (point === "before-put") die();

const bytes = readFileSync(file);
const sent = request(
  upload.url,
  { method: "PUT", headers: { ...upload.headers, "content-length": String(bytes.length) } },
  (response) => {
    response.resume();
    response.on("end", () => (point === "after-put" ? die() : undefined));
  },
);
// The test kills it when the portal has received some of it.
if (point === "in-put") sent.write(bytes.subarray(0, bytes.length / 2));
else sent.end(bytes);
