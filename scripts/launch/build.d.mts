/** Whether `.next` has a build of the source as it is. */
export function isBuildCurrent(): boolean;
