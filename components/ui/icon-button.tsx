import { Button, type ButtonProps } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";

export type IconButtonProps = Omit<ButtonProps, "aria-label"> & { label: string };

/** A square button with only an icon. `label` is its accessible name and its title. */
export function IconButton({ label, className, size, variant = "ghost", ...props }: IconButtonProps) {
  const square = size === "small" ? "w-control-small" : "w-control";
  return (
    <Button
      aria-label={label}
      title={label}
      size={size}
      variant={variant}
      className={cn(square, "px-0", className)}
      {...props}
    />
  );
}
