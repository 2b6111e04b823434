export function readBounce(source: string | Buffer): Promise<{ messageId: string; reason: string } | null>;
