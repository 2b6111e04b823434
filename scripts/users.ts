import { Command } from "commander";
import { jobContext } from "@/lib/operation/job-context";
import { closeDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { bootstrapAdmin } from "@/lib/access/users/bootstrap-admin";

const program = new Command("users").description("Sets up an installation's first user.");

program
  .command("create-first-admin")
  .description(
    "Creates the first administrator and prints a temporary password, once. Until that password is changed, " +
      "running it again prints a new one.",
  )
  .requiredOption("--email <email>")
  .requiredOption("--name <name>")
  .action(async (input: { email: string; name: string }) => {
    const context = jobContext("set-up");
    const { temporaryPassword } = await bootstrapAdmin(context, input);
    console.log(`Sign in as ${input.email} with the temporary password ${temporaryPassword}`);
  });

try {
  await program.parseAsync();
} catch (error) {
  const reasons: Record<string, string> = {
    conflict: "An administrator already exists: create further users in the portal, under Users.",
    invalid_input: "The e-mail address is not valid, or the name is empty.",
  };
  console.error(
    (error instanceof AppError && reasons[error.code]) || (error instanceof Error ? error.message : String(error)),
  );
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
