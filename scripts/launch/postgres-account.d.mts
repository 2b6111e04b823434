/** `wrap` returns what to spawn to run a program of PostgreSQL; `own` makes its account the owner of a file. */
export function postgresAccount(
  dataDir: string,
  programsFolder: string,
): {
  wrap(program: string, args: string[]): { program: string; args: string[]; options: object };
  own(file: string): void;
};
