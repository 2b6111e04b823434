import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { startCeph, type Ceph, type CephGateway } from "../../scripts/launch/ceph.mjs";
import { cephProblem } from "../../scripts/launch/ceph-programs.mjs";

declare module "vitest" {
  export interface ProvidedContext {
    cephControl: string;
  }
}

/** Answer of `POST /`: the S3 server that the first request started, or why there is none. */
export type CephAnswer =
  | { problem: string }
  | (Pick<Ceph, "endpoint" | "region" | "accessKeyId" | "secretAccessKey" | "kmsKeyIds"> & { tls: CephTls | null });

/** The same server with TLS, and the certificate that a client must trust. */
export type CephTls = { endpoint: string; certificate: string };

const LIFECYCLE_DAY_SECONDS = 5;

type Started = { problem: string } | { ceph: Ceph; certificate: string | null; folder: string };

async function start(): Promise<Started> {
  const problem = cephProblem();
  if (problem) return { problem };
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-ceph-"));
  const tls = await makeCertificate(folder).catch(() => null);
  const ceph = await startCeph({
    folder: path.join(folder, "ceph"),
    persistent: false,
    lifecycleDaySeconds: LIFECYCLE_DAY_SECONDS,
    ...(tls ? { certificateFile: tls.file } : {}),
  });
  return { ceph, certificate: tls?.certificate ?? null, folder };
}

/**
 * A self-signed certificate for loopback. Without openssl there is none, and tests that need TLS are skipped by name.
 */
async function makeCertificate(folder: string): Promise<{ file: string; certificate: string }> {
  const [file, certificateFile] = [path.join(folder, "tls.pem"), path.join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  await promisify(execFile)("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "30",
    ...subject,
    "-keyout",
    file,
    "-out",
    certificateFile,
  ]);
  const certificate = await readFile(certificateFile, "utf8");
  await appendFile(file, certificate);
  return { file, certificate };
}

/**
 * Offers the test files one Ceph, started at the first request and stopped at the end of the run.
 * `POST /gateways` adds a server that a test may kill (`POST /gateways/0/kill9`) and start again (`POST
 * /gateways/0/start`); `POST /users` adds a user without rights.
 */
export default async function offerCeph(project: TestProject) {
  let started: ReturnType<typeof start> | undefined;
  const gateways: CephGateway[] = [];

  async function answer(address: string): Promise<unknown> {
    const running = await (started ??= start());
    if ("problem" in running) return running;
    const { ceph, certificate } = running;
    const [, index, verb] = /^\/gateways(?:\/(\d+)\/(kill9|start))?$/.exec(address) ?? [];
    if (index !== undefined) return gateways[Number(index)]![verb as "kill9" | "start"]().then(() => ({}));
    if (address === "/users") return ceph.addUser();
    if (address === "/gateways")
      return { id: gateways.push(await ceph.addGateway()) - 1, endpoint: gateways.at(-1)!.endpoint };
    const { endpoint, region, accessKeyId, secretAccessKey, kmsKeyIds, tlsEndpoint } = ceph;
    const tls = tlsEndpoint && certificate ? { endpoint: tlsEndpoint, certificate } : null;
    return { endpoint, region, accessKeyId, secretAccessKey, kmsKeyIds, tls } satisfies CephAnswer;
  }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    answer(request.url!).then(
      (body) => response.end(JSON.stringify(body)),
      (error: Error) => response.writeHead(500).end(String(error.stack)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("cephControl", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return async () => {
    server.closeAllConnections();
    server.close();
    const running = await started?.catch(() => undefined);
    if (!running || "problem" in running) return;
    await running.ceph.stop();
    await rm(running.folder, { recursive: true, force: true });
  };
}
