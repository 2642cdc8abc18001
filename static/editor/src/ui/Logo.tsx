// Three nodes on a bar: the product's mark.
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" role="img" aria-label="Netyard">
      <rect x="2" y="10.6" width="20" height="2.8" rx="1.4" fill="#0d9488" />
      <path d="M7 7v4M17 7v4M12 13v4" stroke="var(--ny-info)" strokeWidth="1.6" />
      <rect x="4" y="2" width="6" height="5.2" rx="1.6" fill="#4f46e5" />
      <rect x="14" y="2" width="6" height="5.2" rx="1.6" fill="#6366f1" />
      <rect x="9" y="16.8" width="6" height="5.2" rx="1.6" fill="#818cf8" />
    </svg>
  );
}
