/** What Next.js hands to a page of its URL: a name that stands there twice has several values. */
export type Query = Record<string, string | string[] | undefined>

/** As the browser reads them, with the first of several values. */
export function searchParams(query: Query): URLSearchParams {
  const read = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const first = Array.isArray(value) ? value[0] : value
    if (first !== undefined) read.set(name, first)
  }
  return read
}
