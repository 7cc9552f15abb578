import { expect, test } from 'vitest'
import { auditCsv } from './audit-csv'

const entry = (i: number, detail: Record<string, unknown> = {}) => ({
  ...{ id: String(i), atMs: i, actor: 'user:ann@example.org', action: 'device-renamed', target: 'k7m2p9q4w3e8' },
  detail,
})

async function written(entries: ReturnType<typeof entry>[]) {
  let text = ''
  for await (const piece of auditCsv(async (limit, offset) => entries.slice(offset, offset + limit))) text += piece
  return text.trimEnd().split('\r\n')
}

test('before and after have columns of their own', async () => {
  const [, line] = await written([entry(0, { before: 'till', after: 'till, front' })])
  expect(line).toBe(
    '1970-01-01T00:00:00.000Z,user:ann@example.org,Renamed a device,device-renamed,k7m2p9q4w3e8,till,"till, front",',
  )
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)'])('%s is not run by a spreadsheet', async (name) => {
  const [, line] = await written([entry(0, { before: 'x', after: name })])
  expect(line).toContain(`'${name}`)
})

test('more than one piece is read, and none is lost', async () => {
  expect(await written(Array.from({ length: 2500 }, (_, i) => entry(i)))).toHaveLength(2501)
  expect(await written(Array.from({ length: 1000 }, (_, i) => entry(i)))).toHaveLength(1001)
  expect(await written([])).toHaveLength(1)
})
