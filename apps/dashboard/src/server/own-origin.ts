/**
 * Whether a browser says that the request comes from this dashboard's own pages. A request that says nothing is not
 * trusted with a cookie: programs use an API token.
 */
export function isOwnOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  const origin = headers.get('origin')
  if (origin === null) return site === 'same-origin'
  return URL.canParse(origin) && new URL(origin).host === headers.get('host')
}
