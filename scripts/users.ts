import { Command } from "commander";
import { jobContext } from "@/lib/operation/job-context";
import { closeDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { restoreAdministrator } from "@/lib/access/second-factor/restore-administrator";
import { restoreLocalSignIn } from "@/lib/access/single-sign-on/settings/restore-local-sign-in";
import { bootstrapAdmin } from "@/lib/access/users/bootstrap-admin";

const program = new Command("users").description(
  "Sets up an installation's first user, and lets administrators in again.",
);

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

program
  .command("restore-admin")
  .description(
    "Lets in an administrator who lost password and second factor: prints a temporary password, once, and removes " +
      "the second factor.",
  )
  .requiredOption("--email <email>")
  .action(async (input: { email: string }) => {
    const { temporaryPassword } = await restoreAdministrator(jobContext("users-command"), input);
    console.log(`Sign in as ${input.email} with the temporary password ${temporaryPassword}`);
  });

program
  .command("local-sign-in")
  .description("Lets everybody sign in with the password again, after single sign-on alone was allowed.")
  .argument("<state>", "on")
  .action(async (state: string) => {
    if (state !== "on") throw new Error("Local sign-in is switched off in the portal, under Settings, Single sign-on.");
    const { changed } = await restoreLocalSignIn(jobContext("users-command"), {});
    console.log(changed ? "Local sign-in is on." : "Local sign-in was on already.");
  });

try {
  await program.parseAsync();
} catch (error) {
  const reasons: Record<string, string> = {
    conflict: "An administrator already exists: create further users in the portal, under Users.",
    not_found: "No active administrator has this e-mail.",
    invalid_input: "The e-mail address is not valid, or the name is empty.",
  };
  console.error(
    (error instanceof AppError && reasons[error.code]) || (error instanceof Error ? error.message : String(error)),
  );
  process.exitCode = 1;
} finally {
  await closeDatabase();
}
