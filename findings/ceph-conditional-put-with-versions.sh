#!/usr/bin/env bash
# Ceph 16.2 ignores If-None-Match on a PUT into a bucket with versions; without versions it honours it.
#
# Packages   Debian 12: ceph-mon, ceph-osd, radosgw, ceph-common 16.2.15+ds-0+deb12u2. npm: @aws-sdk/client-s3 3.1169.0.
# Expected   RFC 9110, section 13.1.2: with `If-None-Match: *` the server must not perform the PUT if the object exists
#            (412). Ceph's documentation of PutObject does not except buckets with versions, and without versions Ceph
#            answers 412.
# Happens    In a bucket with versions the second PUT is answered 200 and makes another version, on top of the first.
# Seen       plain: 200, 412; 1 kept, the object is "first"
#            versions: 200, 200; 2 kept, the object is "second". 2026-11-29. (On 20.2.4 the second PUT is 412;
#            of 16 simultaneous ones 3 to 16 are 200.)
# Custodia   `conditionalWrite: false` in lib/core/env/s3-profiles.ts: a link accepts only the signed bytes, and the
#            recording is the version that was taken at completion.
set -euo pipefail

tmp=$(mktemp -d)
end() {
  for name in radosgw osd mon; do
    [ ! -f "$tmp/$name.id" ] || { kill -9 "$(cat "$tmp/$name.id")" && wait "$(cat "$tmp/$name.id")"; } 2>/dev/null || true
  done
  rm -rf "$tmp"
}
trap end EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

version=16.2.15+ds-0+deb12u2
packages=()
for name in ceph-base ceph-common ceph-mon ceph-osd radosgw libcephfs2 librados2 librbd1 librgw2 libradosstriper1 \
  python3-ceph-argparse python3-ceph-common python3-cephfs python3-rados python3-rbd python3-rgw; do
  packages+=("$name=$version")
done
mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --reinstall --download-only -o Debug::NoLocking=1 \
  -o APT::Sandbox::User=root -o Dir::Cache::archives="$tmp/debs" "${packages[@]}" >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
lib="$tmp/root/usr/lib/$(uname -m)-linux-gnu"
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$lib:$lib/ceph" CEPH_CONF="$tmp/ceph.conf" CEPH_ARGS=
export PYTHONPATH="$tmp/root/usr/lib/python3/dist-packages"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" @aws-sdk/client-s3@3.1169.0

# One monitor and one disk in memory, on loopback.
port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
monitor=$(port) gateway=$(port)
cat >ceph.conf <<END
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon initial members = a
mon host = v2:127.0.0.1:$monitor
public network = 127.0.0.0/8
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = $tmp/keyring
run dir = $tmp
admin socket =
crash dir = $tmp
log file = $tmp/\$name.log
mon cluster log file = $tmp/cluster.log
erasure code dir = $lib/ceph/erasure-code
plugin dir = $lib/ceph
osd class dir = $lib/rados-classes
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 2000
mon data avail warn = 2
mon data avail crit = 1
mon data = $tmp/mon
osd data = $tmp/osd
osd objectstore = memstore
memstore device bytes = 1073741824
rgw data = $tmp
rgw frontends = beast endpoint=127.0.0.1:$gateway
END
mkdir mon osd
ceph-authtool -C keyring >/dev/null
for name in mon. client.admin client.rgw.a osd.0; do
  ceph-authtool keyring -n "$name" --gen-key --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
done
fsid=$(sed -n 's/^fsid = //p' ceph.conf)
monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor]" monmap >/dev/null
ceph-mon --mkfs -i a --monmap monmap --keyring keyring >>out 2>&1
ceph-mon -f -i a >>out 2>&1 & echo $! >mon.id
disk=$(cat /proc/sys/kernel/random/uuid)
ceph --connect-timeout 60 osd create "$disk" >/dev/null
ceph-osd --mkfs -i 0 --osd-uuid "$disk" >>out 2>&1
ceph-osd -f -i 0 >>out 2>&1 & echo $! >osd.id
radosgw -f -n client.rgw.a >>out 2>&1 & echo $! >radosgw.id
for _ in $(seq 600); do (exec 3<>"/dev/tcp/127.0.0.1/$gateway") 2>/dev/null && break; sleep 0.2; done
radosgw-admin -n client.rgw.a user create --uid=u --display-name=u --access-key=key --secret-key=secret >>out 2>&1
radosgw --version

cat >put.mjs <<'END'
import * as s3 from "@aws-sdk/client-s3";
const client = new s3.S3Client({
  endpoint: process.argv[2],
  region: "us-east-1",
  forcePathStyle: true,
  credentials: { accessKeyId: "key", secretAccessKey: "secret" },
  requestChecksumCalculation: "WHEN_REQUIRED",
});
const status = (command) =>
  client.send(command).then(
    ({ $metadata }) => $metadata.httpStatusCode,
    ({ $metadata }) => $metadata.httpStatusCode,
  );
for (const Bucket of ["plain", "versions"]) {
  await client.send(new s3.CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: "Enabled" };
  if (Bucket === "versions") await client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const put = (Body) => status(new s3.PutObjectCommand({ Bucket, Key: "k", Body, IfNoneMatch: "*" }));
  const statuses = [await put("first"), await put("second")];
  const { Versions = [] } = await client.send(new s3.ListObjectVersionsCommand({ Bucket }));
  const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key: "k" }));
  console.log(`${Bucket}: ${statuses.join(", ")}; ${Versions.length} kept, the object is "${await Body.transformToString()}"`);
}
END
node put.mjs "http://127.0.0.1:$gateway" | tee seen
grep -qxF 'plain: 200, 412; 1 kept, the object is "first"' seen || changed "a bucket without versions behaves otherwise"
grep -qxF 'versions: 200, 200; 2 kept, the object is "second"' seen || changed "the condition is honoured in a bucket with versions"
echo "as described"
