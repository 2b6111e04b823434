import { Command } from "commander";
import { withUploadOptions } from "./recordings/command-options";
import { importCommand } from "./recordings/import-command";
import { watchCommand } from "./recordings/watch-command";

const program = new Command("recordings").description("Uploads recordings to a portal through its upload API.");

withUploadOptions(program.command("import"))
  .description(
    "Uploads the files that a manifest in the folder lists, or those in the folder by their names. Safe to run again: what is stored is not sent twice.",
  )
  .argument(
    "<folder>",
    "folder with the recordings and, unless --names or --sidecar is given, manifest.csv, manifest.jsonl or manifest.json",
  )
  .option("--manifest <file>", "another manifest; its file names are relative to where it lies")
  .option("--report <file>", "write what became of each file to a CSV")
  .option("--json", "print the report as JSON")
  .addHelpText(
    "after",
    "\nThe API key is read from CUSTODIA_API_KEY. Exit code: 0 all stored, 1 some failed, 2 could not begin.",
  )
  .action(importCommand);

withUploadOptions(program.command("watch"))
  .description(
    "Uploads what a phone system writes to a folder. Finished files go up; stored ones are put under .stored, refused ones under .refused with the reason.",
  )
  .argument("<folder>", "the spool")
  .option(
    "--settle <seconds>",
    "a file is finished when nothing was written to it for so long, and it is whole by its header and open to nobody who writes",
    "60",
  )
  .option(
    "--unfinished <seconds>",
    "take a file that looks unfinished all the same, with a note, when nothing was written to it for so long",
    "3600",
  )
  .option("--retry <seconds>", "first wait before a file is tried again; doubles up to half an hour", "30")
  .option("--remove-stored", "remove what is stored instead of keeping it under .stored")
  .option("--poll", "look at the folder now and then, for network drives that tell of no changes")
  .option("--once", "take what is finished now and end, for a scheduler")
  .addHelpText(
    "after",
    "\nThe API key is read from CUSTODIA_API_KEY. Prints a JSON line for each file. Ends at SIGINT or SIGTERM; the next start goes on. Exit code: 0, with --once 1 when some failed, 2 could not begin.",
  )
  .action(watchCommand);

await program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
