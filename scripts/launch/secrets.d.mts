export function generateSecrets(): Record<string, string>;
export function formatSecrets(secrets: Record<string, string>): string;
export function loadOrCreateSecrets(file: string): Record<string, string>;
