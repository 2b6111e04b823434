/**
 * What a process has once (a pool, a writer, a runner), kept on globalThis: routes and the start of the server are
 * bundled apart, and development loads modules again. A module reads it when it is loaded.
 */
export const processWide: object = ((globalThis as { custodia?: object }).custodia ??= {});
