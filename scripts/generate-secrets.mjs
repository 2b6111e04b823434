// Prints the secrets of a new installation: node scripts/generate-secrets.mjs >> .env
import { formatSecrets, generateSecrets } from "./launch/secrets.mjs";

process.stdout.write(formatSecrets(generateSecrets()));
