import { databaseVault } from "@/lib/encryption-keys/database-vault";
import { provideDataKeyVault } from "@/lib/storage/envelope/data-key-vault";

/** Prepares a process that is not the portal, such as a command, to open the stores. */
export function startCommand(): void {
  provideDataKeyVault(databaseVault());
}
