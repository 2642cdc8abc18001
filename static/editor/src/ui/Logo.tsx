// The product's mark, as the pages before the login show it.
export function Logo({ size = 26 }: { size?: number }) {
  return <img src="/static/logo.svg" width={size} height={size} alt="" />;
}
