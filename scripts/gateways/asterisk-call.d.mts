export function callFile(call: { channel: string; callerId: string; sound: string }): string;
