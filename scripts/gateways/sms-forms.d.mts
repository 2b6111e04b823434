type Form = (
  message: { to: string; text: string },
  service: { url: string; key: string; sender: string },
) => Promise<void>;

export const smsForms: Record<"contents" | "receivers", Form>;
