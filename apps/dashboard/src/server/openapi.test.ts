import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { openApi } from './openapi'
import { operations } from './operations/table'
import { routeFiles } from './route-files'

test('the description is valid OpenAPI 3.1, and every reference leads somewhere', async () => {
  const described = openApi('1.2.3')
  const validator = new Validator()
  expect(await validator.validate(structuredClone(described))).toMatchObject({ valid: true })
  expect(validator.version).toBe('3.1')
  const { schemas } = described.components as { schemas: Record<string, unknown> }
  for (const [, name = ''] of JSON.stringify(described).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    expect(Object.keys(schemas)).toContain(name)
})

test('every route is in the table, and every row of the table has its route', async () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const inTree = (await routeFiles()).flatMap(({ path, handlers }) =>
    methods.filter((method) => handlers[method]).map((method) => `${method} ${path}`),
  )
  expect(inTree.sort()).toEqual(Object.keys(operations).sort())
})

test('what is said of a body tells what may be left out, and who may do it', () => {
  const { paths } = openApi('1.2.3') as { paths: Record<string, Record<string, { description: string }>> }
  expect(paths['/devices/{id}/revoke']?.post?.description).toBe('Needs the role admin.')
  expect(paths['/assignments']?.post).toMatchObject({
    requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
    responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Assigned' } } } } },
  })
})
