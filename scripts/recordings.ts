import { Command } from "commander";
import { wholeNumber } from "./whole-number";
import { withUploadOptions } from "./recordings/command-options";
import { importCommand } from "./recordings/import-command";
import { watchCommand } from "./recordings/watch-command";

const program = new Command("recordings")
  .description("Uploads recordings to a portal through its upload API.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

withUploadOptions(program.command("import"))
  .description(
    "Uploads the files that a manifest in the folder lists, or all recordings in the folder, described by their " +
      "names. Safe to run again: stored recordings are not uploaded twice.",
  )
  .argument(
    "<folder>",
    "folder with the recordings and, unless --names or --sidecar is given, with manifest.csv, manifest.jsonl or " +
      "manifest.json",
  )
  .option("--manifest <file>", "another manifest; file names are relative to its folder")
  .option("--report <file>", "write the result of each file to a CSV")
  .option("--accept-due", "upload also what is past its retention, for the next retention run to delete")
  .option("--json", "print the report as JSON")
  .option("--dry-run", "upload nothing: print how each name or entry is understood; needs no API key")
  .option("--rows <number>", "how many rows --dry-run prints; it counts all", wholeNumber(1, 1e9), 50)
  .addHelpText(
    "after",
    "\nThe API key is read from CUSTODIA_API_KEY. Exit code: 0 all stored, 1 some failed, wait or were not taken, " +
      "2 could not start.",
  )
  .action(importCommand);

withUploadOptions(program.command("watch"))
  .description(
    "Uploads the recordings that a phone system writes to a folder, once they are finished. Moves stored files to " +
      ".stored, and refused files to .refused with the reason; or leaves all where they are (--leave-files).",
  )
  .argument("<folder>", "the spool")
  .option(
    "--settle <seconds>",
    "a file is finished when it was not written to for this time, its content has ended and no process has it open " +
      "for writing",
    "60",
  )
  .option(
    "--unfinished <seconds>",
    "upload a file without its end, with a note, when it was not written to for this time",
    "3600",
  )
  .option("--retry <seconds>", "first wait before a file is retried; doubles up to half an hour", "30")
  .option("--remove-stored", "delete stored files instead of moving them to .stored")
  .option("--leave-files <journal>", "leave all files where they are; remember what was sent in this file")
  .option("--retry-refused", "with --leave-files: try files again that the portal refused before")
  .option("--poll", "poll the folder, for network drives that report no changes")
  .option("--once", "upload the files that are finished now and exit, for a scheduler")
  .option("--dry-run", "upload nothing: print what would become of each file now; needs no API key")
  .option("--rows <number>", "how many rows --dry-run prints; it counts all", wholeNumber(1, 1e9), 50)
  .option("--report <file>", "with --once: write the result of each file, with its name, to a CSV")
  .addHelpText(
    "after",
    "\nThe API key is read from CUSTODIA_API_KEY. Prints a JSON line for each file, its name masked. Stops at " +
      "SIGINT or SIGTERM; the next start continues. Exit code: 0, with --once 1 when some failed, wait or were not " +
      "taken, 2 could not start.",
  )
  .action(watchCommand);

await program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
