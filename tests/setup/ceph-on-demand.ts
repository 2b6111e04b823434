import { mkdtemp } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { startCeph, type Ceph, type CephGateway } from "../../scripts/launch/ceph.mjs";
import { cephProblem } from "../../scripts/launch/ceph-programs.mjs";

declare module "vitest" {
  export interface ProvidedContext {
    cephControl: string;
  }
}

/** What `POST /` answers: the S3 server that the first question started, or why there is none. */
export type CephAnswer = { problem: string } | Pick<Ceph, "endpoint" | "region" | "accessKeyId" | "secretAccessKey" | "kmsKeyIds">;

const LIFECYCLE_DAY_SECONDS = 5;

async function start(): Promise<Ceph | { problem: string }> {
  const problem = cephProblem();
  if (problem) return { problem };
  return startCeph({ folder: path.join(await mkdtemp(path.join(tmpdir(), "custodia-ceph-")), "ceph"), persistent: false, lifecycleDaySeconds: LIFECYCLE_DAY_SECONDS });
}

/**
 * Offers the test files one Ceph: started when the first of them asks, and ended with the run. `POST /gateways` adds a server
 * of its own that a test may kill (`POST /gateways/0/kill9`) and start again (`POST /gateways/0/start`).
 */
export default async function offerCeph(project: TestProject) {
  let ceph: ReturnType<typeof start> | undefined;
  const gateways: CephGateway[] = [];

  async function answer(address: string): Promise<unknown> {
    const running = await (ceph ??= start());
    if ("problem" in running) return running;
    const [, index, verb] = /^\/gateways(?:\/(\d+)\/(kill9|start))?$/.exec(address) ?? [];
    if (index !== undefined) return gateways[Number(index)]![verb as "kill9" | "start"]().then(() => ({}));
    if (address === "/gateways") return { id: gateways.push(await running.addGateway()) - 1, endpoint: gateways.at(-1)!.endpoint };
    const { endpoint, region, accessKeyId, secretAccessKey, kmsKeyIds } = running;
    return { endpoint, region, accessKeyId, secretAccessKey, kmsKeyIds } satisfies CephAnswer;
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
    const running = await ceph?.catch(() => undefined);
    if (running && !("problem" in running)) await running.stop();
  };
}
