import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { PersonRow, Role, Store } from '@tradewind/store'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { POST as join } from '../app/api/join/route'
import { deeds, roleFor } from '../people/permission'
import { auth } from './auth'
import { operations } from './operations/table'
import { callRoute, routeFiles } from './route-files'
import { store } from './store'

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-people-'))
process.env.TRADEWIND_DATA = folder

let opened: Store
let routes: Awaited<ReturnType<typeof routeFiles>>
const tokens = {} as Record<Role, string>
const password = 'correct horse battery'

beforeAll(async () => {
  opened = await store()
  routes = await routeFiles()
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  for (const role of ['viewer', 'operator', 'admin'] as const)
    tokens[role] = (await opened.createApiToken({ name: role, role, actor: 'up' })).secret
})

const call = (method: string, url: string, body?: unknown, token: string = tokens.admin) =>
  callRoute(routes, method, url, token, body)

let made = 0
/** A person who has used the link, and the cookie of their session. */
async function person(role: Role) {
  made += 1
  const email = `person${made}@example.org`
  const { json } = await call('POST', '/people', { name: `Person ${made}`, email, role })
  const reply = await join(joining({ code: codeOf(json.path), password }))
  expect(reply.status).toBe(200)
  return { id: json.id as string, email, cookie: cookieOf(reply), code: codeOf(json.path) }
}
const codeOf = (link: string) => link.split('#')[1] ?? ''
const cookieOf = (reply: Response) =>
  reply.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
const joining = (body: object) =>
  new Request('http://localhost/api/join', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', host: 'localhost', origin: 'http://localhost' },
    body: JSON.stringify(body),
  })
const handler = (method: string, url: string) => {
  const found = routes.find((route) => route.path === url)?.handlers[method]
  if (!found) throw new Error(`no ${method} ${url}`)
  return found
}
/** As a browser of this person asks. */
const asPerson = (cookie: string, url: string) =>
  handler('GET', url)(new Request(`http://localhost/api/v1${url}`, { headers: { cookie, host: 'localhost' } }), {
    params: Promise.resolve({}),
  })
/** Whether this password signs them in. */
async function signsIn(email: string, secret: string): Promise<boolean> {
  const headers = new Headers({ host: 'localhost' })
  const reply = await (await auth()).api.signInEmail({ body: { email, password: secret }, headers, asResponse: true })
  expect([200, 401]).toContain(reply.status)
  return reply.status === 200
}
const find = async (id: string) =>
  ((await call('GET', '/people')).json.people as PersonRow[]).find((one) => one.id === id)

describe('who may do what', () => {
  const own = [
    ['GET', '/people'],
    ['POST', '/people'],
    ['PATCH', '/people/{id}'],
    ['DELETE', '/people/{id}'],
    ['POST', '/people/{id}/link'],
    ['PATCH', '/retention'],
    ['GET', '/api-tokens'],
    ['POST', '/api-tokens'],
    ['DELETE', '/api-tokens/{id}'],
  ] as const

  test.each(own)('%s %s is for admins alone', async (method, url) => {
    for (const role of ['viewer', 'operator'] as const) {
      const body = method === 'GET' ? undefined : {}
      const reply = await call(method, url.replace('{id}', 'someone'), body, tokens[role])
      expect([reply.code, reply.json.code]).toEqual([403, 'forbidden'])
    }
    expect(roleFor(operations[`${method} ${url}` as keyof typeof operations].deed)).toBe('admin')
  })

  test.each([['/models?context=4096'], ['/models/e2b/devices'], ['/roles'], ['/retention'], ['/audit?actor=up']])(
    'GET %s is for everybody who is signed in',
    async (url) => {
      expect((await call('GET', url, undefined, tokens.viewer)).code).toBe(200)
      expect((await call('GET', url, undefined, 'twp_wrong')).code).toBe(401)
    },
  )

  test('the table of roles is that by which requests are judged', async () => {
    const { roles } = (await call('GET', '/roles', undefined, tokens.viewer)).json
    expect(roles.map(({ role, deeds }: { role: string; deeds: string[] }) => [role, deeds.length])).toEqual([
      ['viewer', 1],
      ['operator', deeds.filter((deed) => roleFor(deed) !== 'admin').length],
      ['admin', deeds.length],
    ])
  })
})

describe('a person', () => {
  test('is let in by a link with which they choose a password, once', async () => {
    const { id, email, cookie, code } = await person('operator')
    expect(await find(id)).toMatchObject({ email, role: 'operator', hasPassword: true, inviteUntilMs: null })
    expect((await (await asPerson(cookie, '/me')).json()).role).toBe('operator')
    expect((await join(joining({ code, password: 'another password' }))).status).not.toBe(200)
    expect(await signsIn(email, password)).toBe(true)
  })

  test('is told by the link who they are, before it is spent; nothing from another site is', async () => {
    const { json } = await call('POST', '/people', { name: 'Cy', email: 'cy@example.org', role: 'viewer' })
    expect(await (await join(joining({ code: codeOf(json.path) }))).json()).toEqual({
      name: 'Cy',
      email: 'cy@example.org',
    })
    const foreign = joining({ code: codeOf(json.path), password })
    foreign.headers.set('origin', 'https://evil.example')
    expect((await join(foreign)).status).toBe(403)
    expect((await find(json.id))?.hasPassword).toBe(false)
  })

  test('cannot sign in before the link is used', async () => {
    await call('POST', '/people', { name: 'Dee', email: 'dee@example.org', role: 'viewer' })
    expect(await signsIn('dee@example.org', password)).toBe(false)
  })

  test('that has an account already is not made again', async () => {
    const { email } = await person('viewer')
    const again = await call('POST', '/people', { name: 'Twin', email, role: 'viewer' })
    expect([again.code, again.json.message]).toEqual([400, expect.stringContaining('has an account already')])
  })

  test('who is demoted may do less with the next request, and has to sign in again', async () => {
    await person('admin')
    const { id, cookie } = await person('admin')
    expect((await asPerson(cookie, '/people')).status).toBe(200)
    expect((await call('PATCH', `/people/${id}`, { role: 'viewer' })).code).toBe(200)
    expect((await asPerson(cookie, '/people')).status).toBe(401)
    expect((await asPerson(cookie, '/me')).status).toBe(401)
  })

  test('who is removed is out with the next request', async () => {
    const { id, cookie, email } = await person('operator')
    expect((await asPerson(cookie, '/me')).status).toBe(200)
    expect((await call('DELETE', `/people/${id}`)).json).toEqual({ email, tokens: 0 })
    expect((await asPerson(cookie, '/me')).status).toBe(401)
    expect(await signsIn(email, password)).toBe(false)
    expect((await call('DELETE', `/people/${id}`)).code).toBe(404)
  })

  test('with a new link chooses another password, and is signed out elsewhere', async () => {
    const { id, email, cookie } = await person('viewer')
    const { json } = await call('POST', `/people/${id}/link`)
    expect((await join(joining({ code: codeOf(json.path), password: 'a new password' }))).status).toBe(200)
    expect((await asPerson(cookie, '/me')).status).toBe(401)
    expect(await signsIn(email, password)).toBe(false)
  })
})

test('the last admin stays one', async () => {
  const admins = ((await call('GET', '/people')).json.people as PersonRow[]).filter(({ role }) => role === 'admin')
  for (const { id } of admins) await call('PATCH', `/people/${id}`, { role: 'viewer' })
  const { id } = (await find((await person('admin')).id)) ?? { id: '' }
  const left = ((await call('GET', '/people')).json.people as PersonRow[]).filter(
    ({ role, hasPassword }) => role === 'admin' && hasPassword,
  )
  for (const one of left.filter((other) => other.id !== id)) await call('DELETE', `/people/${one.id}`)
  expect((await call('DELETE', `/people/${id}`)).code).toBe(400)
  expect((await call('PATCH', `/people/${id}`, { role: 'viewer' })).code).toBe(400)
  expect((await find(id))?.role).toBe('admin')
})

describe('an API token that may do some deeds only', () => {
  const narrow = async (role: Role, only: string[]) => {
    const { json } = await call('POST', '/api-tokens', { name: 'narrow', role, deeds: only })
    return json.secret as string
  }

  test('does these and no others', async () => {
    const token = await narrow('operator', ['create-enrol-token'])
    const made = await call('GET', '/me', undefined, token)
    expect([made.code, made.json.message]).toEqual([403, 'This API token is not made for read.'])
    const reader = await narrow('admin', ['read'])
    expect((await call('GET', '/me', undefined, reader)).code).toBe(200)
    expect((await call('GET', '/people', undefined, reader)).code).toBe(403)
  })

  test('makes no token, and no person, that could do more', async () => {
    const maker = await narrow('admin', ['read', 'manage-api-tokens', 'manage-people'])
    const ask = (body: object) => call('POST', '/api-tokens', { name: 'x', ...body }, maker)
    expect((await ask({ role: 'admin' })).code).toBe(403)
    expect((await ask({ role: 'admin', deeds: ['assign'] })).code).toBe(403)
    expect((await ask({ role: 'viewer' })).code).toBe(200)
    const someone = (role: Role) => call('POST', '/people', { name: 'Y', email: `y-${role}@example.org`, role }, maker)
    expect((await someone('operator')).code).toBe(403)
    expect((await someone('viewer')).code).toBe(200)
    const { id } = await person('admin')
    for (const [method, url] of [
      ['POST', `/people/${id}/link`],
      ['DELETE', `/people/${id}`],
    ] as const)
      expect((await call(method, url, undefined, maker)).code).toBe(403)
    expect((await call('PATCH', `/people/${id}`, { role: 'viewer' }, maker)).code).toBe(403)
  })

  test('has at least one, and only deeds that there are', async () => {
    for (const only of [[], ['sail']])
      expect((await call('POST', '/api-tokens', { name: 'x', role: 'viewer', deeds: only })).code).toBe(400)
  })
})

test('the audit is narrowed by who, what and on what, and leaves as CSV that no spreadsheet runs', async () => {
  const { email } = await person('viewer')
  const invited = await call('GET', `/audit?action=person-invited&target=${email}`)
  expect(invited.json.audit).toMatchObject([{ actor: 'api:admin', detail: { role: 'viewer' } }])
  await call('POST', '/people', { name: '=HYPERLINK("x")', email: 'evil@example.org', role: 'viewer' })
  const reply = await handler('GET', '/audit/export')(
    new Request('http://localhost/api/v1/audit/export?target=evil@example.org', {
      headers: { authorization: `Bearer ${tokens.viewer}` },
    }),
    { params: Promise.resolve({}) },
  )
  expect(reply.headers.get('content-type')).toContain('text/csv')
  const lines = (await reply.text()).trim().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toBe('time (UTC),who,what,code,on,before,after,more')
  expect(lines[1]).toContain('"name: =HYPERLINK(""x"") · role: viewer"')
})

test('retention is changed within its bounds', async () => {
  expect((await call('PATCH', '/retention', { samples: 2 })).json.days.samples).toBe(2)
  expect((await call('PATCH', '/retention', { samples: 0 })).code).toBe(400)
  expect((await call('PATCH', '/retention', { hours: 1 })).code).toBe(400)
  expect((await call('GET', '/retention')).json.chosen).toEqual({ samples: 2 })
})
