/** A sail before the wind. */
export const Logo = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 24 24" className={className} aria-hidden>
    <rect width="24" height="24" rx="6" fill="var(--accent)" />
    <path d="M11 4.5v11H5.2C8 13 10.2 9.5 11 4.5Z" fill="var(--on-accent)" opacity="0.75" />
    <path d="M12.5 6.5c3.6 1.8 5.8 5 6.3 9h-6.3Z" fill="var(--on-accent)" />
    <path d="M5 17.5h14a5 5 0 0 1-4 2H9a5 5 0 0 1-4-2Z" fill="var(--on-accent)" />
  </svg>
)
