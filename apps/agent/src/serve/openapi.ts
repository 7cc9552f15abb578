import { z } from 'zod'
import type { Route } from './routes'

/** The OpenAPI document of these routes, from the schemas that check the requests. */
export function openApi(routes: Route[]) {
  return {
    openapi: '3.1.0',
    info: { title: 'Tradewind device API', version: '1' },
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    security: [{ key: [] }, {}],
    paths: Object.fromEntries(routes.map((route) => [route.path, { [route.method.toLowerCase()]: operation(route) }])),
  }
}

function operation({ summary, path, takes = {}, key }: Route) {
  const content = contentOf(takes)
  const parameters = [...pathParameters(path), ...(takes.query ? queryParameters(takes.query) : [])]
  return {
    summary,
    ...(key === 'open' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(content && { requestBody: { required: true, content } }),
    responses: {
      200: { description: 'as asked' },
      default: { description: 'an error: a code, what happened, and what to do' },
    },
  }
}

type ObjectSchema = { properties?: Record<string, object>; required?: string[] }

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as ObjectSchema

function contentOf({ json, form, file }: NonNullable<Route['takes']>) {
  if (json) return { 'application/json': { schema: schemaOf(json) } }
  if (!file) return null
  const fields = form ? schemaOf(form) : {}
  const properties = { [file]: { type: 'string', format: 'binary' }, ...fields.properties }
  return { 'multipart/form-data': { schema: { type: 'object', properties, required: [file] } } }
}

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

const queryParameters = (query: z.ZodType) =>
  Object.entries(schemaOf(query).properties ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }))
