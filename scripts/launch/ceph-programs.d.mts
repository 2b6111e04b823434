/** Installs missing programs of Ceph (as root, on Debian). Returns why Ceph cannot run, or undefined. */
export function cephProblem(): string | undefined;
