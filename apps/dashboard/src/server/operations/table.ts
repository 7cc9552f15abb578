import type { z } from 'zod'
import { accounts } from './accounts'
import { clips } from './clips'
import { devices } from './devices'
import { enrolment } from './enrolment'
import { fleetModels } from './fleet-models'
import { models } from './models'
import type { MediaType, Operation } from './operation'
import { people } from './people'
import { placement } from './placement'
import { problems } from './problems'
import { waiting } from './waiting'
import { work } from './work'

/** All that `/api/v1` does. The routes check by it, and its description is made from it. */
export const operations = {
  'GET /openapi.json': { deed: 'read', summary: 'This description, as OpenAPI 3.1', reply: 'application/json' },
  ...people,
  ...accounts,
  ...enrolment,
  ...devices,
  ...placement,
  ...problems,
  ...waiting,
  ...models,
  ...clips,
  ...work,
  ...fleetModels,
} satisfies Record<string, Operation>

export type OperationName = keyof typeof operations
type Of<N extends OperationName> = (typeof operations)[N]

type Read<O, K extends string> = O extends { [_ in K]: infer S extends z.ZodType } ? z.output<S> : undefined
export type QueryOf<N extends OperationName> = Read<Of<N>, 'query'>
export type BodyOf<N extends OperationName> = Read<Of<N>, 'body'>
/** What is not JSON is a `Response`. */
export type ReplyOf<N extends OperationName> = Of<N>['reply'] extends MediaType ? Response : Read<Of<N>, 'reply'>

type Names<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
export type ParamsOf<N extends OperationName> = Record<Names<N>, string>
