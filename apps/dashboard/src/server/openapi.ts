import { Problem } from '@tradewind/protocol'
import { z } from 'zod'
import { roleFor } from '../people/permission'
import type { Operation } from './operations/operation'
import { operations } from './operations/table'

type Json = Record<string, unknown>
type Schemas = Record<string, unknown>

/** All operations as OpenAPI 3.1, made from the table that the routes check by. */
export function openApi(version: string): Json {
  const schemas: Schemas = {}
  const paths: Record<string, Json> = {}
  for (const [name, operation] of Object.entries<Operation>(operations)) {
    const [method = '', path = ''] = name.split(' ')
    paths[path] = { ...paths[path], [method.toLowerCase()]: described(path, operation, schemas) }
  }
  schemas.Problem = schemaOf(Problem, 'output', schemas)
  return {
    openapi: '3.1.0',
    info: { title: 'Tradewind', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/api/v1' }],
    security: [{ apiToken: [] }],
    paths,
    components: {
      securitySchemes: { apiToken: { type: 'http', scheme: 'bearer', description: 'made under Settings: twp_…' } },
      schemas,
    },
  }
}

const problem = {
  description: 'A code, what happened, what to do next',
  ...json({ $ref: '#/components/schemas/Problem' }),
}

function described(path: string, { deed, summary, query, body, reply }: Operation, schemas: Schemas): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return {
    summary,
    description: `Needs the role ${roleFor(deed)}.`,
    parameters: [...inPath, ...(query ? inQuery(query, schemas) : [])],
    ...(body && { requestBody: { required: true, ...contentOf(body, 'input', schemas) } }),
    responses: { 200: { description: 'Done', ...contentOf(reply, 'output', schemas) }, default: problem },
  }
}

function inQuery(query: z.ZodObject, schemas: Schemas) {
  const { properties, required = [] } = schemaOf(query, 'input', schemas) as { properties: Json; required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function contentOf(shape: z.ZodType | string, io: 'input' | 'output', schemas: Schemas) {
  if (typeof shape === 'string') return { content: { [shape]: {} } }
  return json(schemaOf(shape, io, schemas))
}

function json(schema: unknown) {
  return { content: { 'application/json': { schema } } }
}

/** What has a name goes into `schemas`, once, and is referred to. */
function schemaOf(shape: z.ZodType, io: 'input' | 'output', schemas: Schemas): Json {
  const { $schema: _, $defs = {}, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Json
  const text = JSON.stringify({ schema, $defs }).replaceAll('"#/$defs/', '"#/components/schemas/')
  const moved = JSON.parse(text) as { schema: Json; $defs: Schemas }
  for (const [name, { id: __, ...one }] of Object.entries(moved.$defs as Record<string, Json>)) schemas[name] = one
  const { id, ...rest } = moved.schema
  if (typeof id !== 'string') return rest
  schemas[id] = rest
  return { $ref: `#/components/schemas/${id}` }
}
