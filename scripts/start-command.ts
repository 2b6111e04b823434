import { databaseVault } from "@/lib/encryption-keys/database-vault";
import { provideDataKeyVault } from "@/lib/storage/envelope/data-key-vault";

/** Gives the stores their data keys in a process that is not the portal, such as a command. */
export function startCommand(): void {
  provideDataKeyVault(databaseVault());
}
