import { readdirSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../app/api/v1')
type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>
type Route = { path: string; handlers: Record<string, Handler> }

/** Every route of `/api/v1` as it lies in the file tree, its path written as in the table. For tests. */
export async function routeFiles(): Promise<Route[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('route.ts'))
  return Promise.all(
    files.map(async (file) => ({
      path: `/${path.dirname(file).replaceAll('[', '{').replaceAll(']', '}')}`,
      handlers: (await import(path.join(root, file))) as Record<string, Handler>,
    })),
  )
}

/** Calls the route that a path leads to, as Next.js does. What stands in the path as it is goes before a name. */
export async function callRoute(routes: Route[], method: string, url: string, token: string, body?: unknown) {
  const asked = new URL(url, 'http://localhost/')
  const found = routes
    .map((route) => ({ route, groups: patternOf(route.path).exec(asked.pathname)?.groups }))
    .filter(({ groups }, i) => groups || patternOf(routes[i]?.path ?? '').test(asked.pathname))
    .toSorted((a, b) => a.route.path.split('{').length - b.route.path.split('{').length)[0]
  const handler = found?.route.handlers[method]
  if (!handler) throw new Error(`there is no ${method} ${url}`)
  const headers = { authorization: `Bearer ${token}` }
  const request = new Request(asked, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const params = Object.fromEntries(
    Object.entries({ ...found.groups }).map(([name, of]) => [name, decodeURIComponent(of)]),
  )
  const response = await handler(request, { params: Promise.resolve(params) })
  return { code: response.status, json: JSON.parse(await response.text()) }
}

const patternOf = (path: string) => new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
