import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { endLeftDaemons, startDaemon } from "./ceph-daemon.mjs";
import { loadOrCreateIdentity, makeDisk, makeMonitor, prepareFolder } from "./ceph-folder.mjs";
import { cephSettings } from "./ceph-settings.mjs";
import { freePort } from "./ports.mjs";

const LONGEST_START_MILLISECONDS = 120_000;
const STOP_STEPS = [["SIGTERM", 5_000]];

const run = promisify(execFile);

/** True once the gateway responds; false if it ends or the time is up. */
async function waitForResponse(endpoint, daemon) {
  const deadline = Date.now() + LONGEST_START_MILLISECONDS;
  while (daemon.isRunning() && Date.now() < deadline) {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(5_000) }).then(
      (answer) => answer.arrayBuffer(),
      () => undefined,
    );
    if (response) return true;
    await sleep(50);
  }
  return false;
}

/** @see ceph.d.mts */
export async function startCeph({ folder, persistent, lifecycleDaySeconds, certificateFile }) {
  const at = (name) => path.join(path.resolve(folder), name);
  const daemons = new Map();
  const start = (name, program, args) => {
    const daemon = startDaemon({ folder: at(""), name, program, args });
    daemons.set(name, daemon);
    return daemon;
  };
  const stop = async () => {
    // In reverse order: each server uses those that were started before it.
    for (const [, daemon] of [...daemons].reverse()) await daemon.end(persistent ? STOP_STEPS : []);
    if (!persistent) rmSync(at(""), { recursive: true, force: true, maxRetries: 5 });
  };

  let gateways = 0;
  async function addGateway(name, settings = []) {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const tlsPort = certificateFile ? await freePort() : undefined;
    const tls = tlsPort ? ` ssl_endpoint=127.0.0.1:${tlsPort} ssl_certificate=${certificateFile}` : "";
    const startGateway = async () => {
      // A previous process would keep the port and would never be stopped.
      await daemons.get(name)?.end();
      const args = [
        "-n",
        "client.rgw.a",
        "--rgw-frontends",
        `beast endpoint=127.0.0.1:${port}${tls}`,
        "--log-file",
        at(`${name}.log`),
        ...settings,
      ];
      // An outgoing connection may use the port for a moment: retries.
      for (let attempt = 1; !(await waitForResponse(endpoint, start(name, "radosgw", args))); attempt += 1) {
        // The gateway may be running, but slow.
        await daemons.get(name).end();
        if (attempt === 5) throw new Error(`Ceph's gateway did not start; see the logs in ${at("")}`);
        await sleep(attempt * 500);
      }
    };
    await startGateway();
    return {
      endpoint,
      ...(tlsPort ? { tlsEndpoint: `https://127.0.0.1:${tlsPort}` } : {}),
      start: startGateway,
      kill9: () => daemons.get(name).end(),
    };
  }

  const asAdministrator = (...args) => run("radosgw-admin", ["-c", at("ceph.conf"), "-n", "client.rgw.a", ...args]);
  const addUser = async () => {
    const user = {
      id: `user-${randomBytes(4).toString("hex")}`,
      accessKeyId: randomBytes(10).toString("hex"),
      secretAccessKey: randomBytes(20).toString("hex"),
    };
    await asAdministrator(
      "user",
      "create",
      `--uid=${user.id}`,
      "--display-name=Custodia",
      `--access-key=${user.accessKeyId}`,
      `--secret-key=${user.secretAccessKey}`,
    );
    await asAdministrator("caps", "add", "--uid=custodia", "--caps=user-policy=*");
    return user;
  };

  try {
    await endLeftDaemons(at(""));
    prepareFolder(at(""));
    const { fsid, accessKeyId, secretAccessKey, kmsKeys } = loadOrCreateIdentity(at(""));
    const monitorPort = await freePort();
    writeFileSync(
      at("ceph.conf"),
      cephSettings({ folder: at(""), fsid, monitorPort, persistent, kmsKeys, lifecycleDaySeconds }),
      { mode: 0o600 },
    );
    await makeMonitor(at, fsid, monitorPort);
    start("monitor", "ceph-mon", ["-i", "a"]);
    if (!existsSync(at("ready"))) await makeDisk(at);
    start("disk", "ceph-osd", ["-i", "0"]);
    const gateway = await addGateway("gateway");
    if (!existsSync(at("ready"))) {
      const user = [
        "--uid=custodia",
        "--display-name=Custodia",
        `--access-key=${accessKeyId}`,
        `--secret-key=${secretAccessKey}`,
      ];
      await asAdministrator("user", "create", ...user);
      writeFileSync(at("ready"), "");
    }
    const pids = () => [...daemons.values()].filter((daemon) => daemon.isRunning()).map(({ pid }) => pid);
    return {
      ...gateway,
      region: "us-east-1",
      accessKeyId,
      secretAccessKey,
      kmsKeyIds: Object.keys(kmsKeys),
      pids,
      // Without lifecycle threads: one that is killed would keep the lock of the lifecycle list for 90 s.
      addGateway: () => addGateway(`gateway-${(gateways += 1)}`, ["--rgw-enable-lc-threads=false"]),
      addUser,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
