/** A reason why the command cannot start. Its message is printed; exit code 2. */
export class CannotStart extends Error {}
