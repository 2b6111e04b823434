/**
 * Holds what a process has once (a pool, a writer, a runner) on globalThis: Next bundles routes and the start of the
 * server separately, and development reloads modules. A module reads it when it is loaded.
 */
export const processWide: object = ((globalThis as { custodia?: object }).custodia ??= {});
