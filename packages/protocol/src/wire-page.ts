import { z } from 'zod'
import { type Leaf, leafNames, leaves, maxMessageBytes, topicRoot } from './topics'

type JsonSchema = {
  type?: string
  description?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  const?: unknown
}

/** `docs/wire.md`, made from the topic table so that it cannot drift from it. */
export function wirePage(): string {
  const rows = leafNames.map((name) => {
    const { from, qos, retain, perId, says } = leaves[name]
    return `| \`${name}${perId ? '/<id>' : ''}\` | ${from} | ${qos} | ${retain ? 'yes' : 'no'} | ${says} |`
  })
  return [
    '# The wire',
    '',
    '<!-- Made by `npm run generate` from packages/protocol/src/topics.ts. Do not edit. -->',
    '',
    `MQTT 3.1.1, topics \`${topicRoot}/<deviceId>/<leaf>\`, small JSON of at most ${maxMessageBytes / 1024} KiB with its`,
    'version in `v`. Unknown fields are dropped, unknown versions refused, older versions raised. A device publishes on',
    'its own device leaves, subscribes to its own hub leaves, and is disconnected when it reaches for anything else.',
    '',
    'A device may pack its telemetry: the byte 01, then the JSON deflated (RFC 1951) with the dictionary of',
    '`packages/protocol/src/packing.ts`. The agent does so from 1 KiB on, which is to say with the samples of a minute.',
    '',
    '| leaf | from | QoS | retained | says |',
    '|---|---|---|---|---|',
    ...rows,
    ...leafNames.flatMap((name) => ['', `## ${name}`, '', ...fieldTable(leaves[name])]),
    '',
  ].join('\n')
}

function fieldTable(leaf: Leaf): string[] {
  const schema = z.toJSONSchema(leaf.schema, { io: 'input' }) as JsonSchema
  return ['| field | type | meaning |', '|---|---|---|', ...fields(schema, '', true)]
}

function fields(schema: JsonSchema, path: string, required: boolean): string[] {
  const row =
    path === ''
      ? []
      : [`| \`${path}\` | ${typeName(schema)}${required ? '' : ', optional'} | ${schema.description ?? ''} |`]
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    fields(child, path === '' ? name : `${path}.${name}`, schema.required?.includes(name) ?? false),
  )
  const items = schema.items?.properties ? fields(schema.items, `${path}[]`, true).slice(1) : []
  const options = (schema.oneOf ?? []).flatMap((option) => {
    const kind = String(option.properties?.kind?.const ?? '')
    return fields(option, `${path}(${kind})`, true).slice(1)
  })
  return [...row, ...below, ...items, ...options]
}

function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(String).join(' \\| ')
  const options = schema.anyOf ?? schema.oneOf
  if (options) return options.map(typeName).join(' \\| ')
  if (schema.items) return `${typeName(schema.items)}[]`
  return schema.type ?? 'any'
}
