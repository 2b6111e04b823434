/** Sees to it that Ceph's programs are there. Answers why they are not, or undefined. */
export function cephProblem(): string | undefined;
