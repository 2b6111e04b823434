/** How to run PostgreSQL's programs on this host: `wrap` gives what to spawn, `own` gives a file to their account. */
export function postgresAccount(
  dataDir: string,
  programsFolder: string,
): {
  wrap(program: string, args: string[]): { program: string; args: string[]; options: object };
  own(file: string): void;
};
