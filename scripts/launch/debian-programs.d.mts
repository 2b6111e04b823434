/** Installs missing programs (as root, on Debian). Returns why one cannot run, or undefined. */
export function programsProblem(wanted: {
  name: string;
  programs: string[];
  packages: string[];
  /** Printed before the installation. */
  message: string;
}): string | undefined;
/** The path of an installed program, or undefined. */
export function pathOfProgram(program: string): string | undefined;
