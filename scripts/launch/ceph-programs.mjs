import { programsProblem } from "./debian-programs.mjs";

/** Installs missing programs of Ceph (as root, on Debian). Returns why Ceph cannot run, or undefined. */
export function cephProblem() {
  return programsProblem({
    name: "Ceph",
    programs: ["ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "ceph-authtool", "monmaptool", "setpriv"],
    // Only the tests need openssl, to create a certificate.
    packages: ["ceph-mon", "ceph-osd", "radosgw", "ceph-common", "openssl"],
    message: "  Installing Ceph, the S3 server, from Debian's packages (once; about a minute) ...",
  });
}
