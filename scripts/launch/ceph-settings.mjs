import path from "node:path";

/** A cluster on one machine: one monitor, one disk, one copy of the data, loopback addresses, no delays. */
function clusterSettings({ folder, fsid, monitorPort }) {
  return {
    fsid,
    "mon initial members": "a",
    "mon host": `v2:127.0.0.1:${monitorPort}`,
    "public network": "127.0.0.0/8",
    "public addr": "127.0.0.1",
    "cluster addr": "127.0.0.1",
    "ms bind msgr1": false,
    keyring: path.join(folder, "keyring"),
    "auth allow insecure global id reclaim": false,
    // No Unix sockets: their paths must be short, and this folder may be anywhere.
    "admin socket": "",
    "pid file": "",
    "crash dir": folder,
    "log file": path.join(folder, "$name.log"),
    "mon cluster log file": path.join(folder, "cluster.log"),
    "log to stderr": false,
    "osd pool default size": 1,
    "osd pool default min size": 1,
    "osd pool default pg num": 4,
    "osd pool default pgp num": 4,
    "osd pool default pg autoscale mode": "off",
    "osd crush chooseleaf type": 0,
    "mon allow pool size one": true,
    "mon max pg per osd": 2000,
    "mon data avail warn": 2,
    "mon data avail crit": 1,
    "mon warn on pool no redundancy": false,
  };
}

const diskSettings = ({ folder, persistent }) => ({
  "osd data": path.join(folder, "osd"),
  "osd objectstore": persistent ? "bluestore" : "memstore",
  // The file is sparse: it grows with its content.
  "bluestore block size": 20 * 1024 ** 3,
  "bluestore cache autotune": false,
  "bluestore cache size": 64 * 1024 ** 2,
  "memstore device bytes": 4 * 1024 ** 3,
  "osd memory target": 896 * 1024 ** 2,
  "osd max object name len": 2048,
  "osd op num shards": 2,
});

const gatewaySettings = ({ folder, kmsKeys, lifecycleDaySeconds }) => ({
  "rgw data": folder,
  "rgw thread pool size": 64,
  "rgw enable usage log": false,
  "rgw enable ops log": false,
  // Allows encryption at rest over plain HTTP, on loopback only. The keys are in this file instead of in a KMS.
  "rgw crypt require ssl": false,
  "rgw crypt s3 kms backend": "testing",
  "rgw crypt s3 kms encryption keys": Object.entries(kmsKeys)
    .map(([id, key]) => `${id}=${key}`)
    .join(" "),
  ...(lifecycleDaySeconds
    ? {
        "rgw lc debug interval": lifecycleDaySeconds,
        "rgw lifecycle work time": "00:00-23:59",
        // Each "day" it reads all of its lists, of which it has 32 for a large cluster.
        "rgw lc max objs": 1,
      }
    : {}),
});

const section = (name, settings) =>
  `[${name}]\n${Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join("")}`;

/** Returns the text of ceph.conf for one node on loopback. */
export function cephSettings(options) {
  return [
    section("global", clusterSettings(options)),
    section("mon", {
      "paxos propose interval": 0.1,
      "paxos min wait": 0.01,
      "mon data": path.join(options.folder, "mon"),
    }),
    section("osd", diskSettings(options)),
    section("client.rgw.a", gatewaySettings(options)),
  ].join("\n");
}
