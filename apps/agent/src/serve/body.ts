import { Busboy, type BusboyInstance } from '@fastify/busboy'
import type { z } from 'zod'
import type { Exchange } from './exchange'
import { badRequest, Problem } from './problem'
import type { Service } from './service'

/** What a form may hold beside its file, in bytes. */
const mostFieldBytes = 16 * 1024
const mostFields = 40

export type Form = { fields: Record<string, string | string[]>; file: { field: string; bytes: Buffer } | null }

/** Reads a body of JSON and checks it. */
export async function readJson<S extends z.ZodType>(schema: S, exchange: Exchange, service: Service) {
  if (exchange.mediaType !== 'application/json')
    throw new Problem(415, 'not-json', 'Send the request as JSON, with the header content-type: application/json.')
  return checked(schema, parseJson(await readBytes(exchange, service)))
}

/** Reads the fields of a body that may be JSON, a form, or a form in parts, as LibreTranslate's clients send them. */
export async function readFields<S extends z.ZodType>(schema: S, exchange: Exchange, service: Service) {
  switch (exchange.mediaType) {
    case 'application/x-www-form-urlencoded': {
      const sent = new URLSearchParams((await readBytes(exchange, service)).toString())
      return checked(schema, Object.fromEntries(sent))
    }
    case 'multipart/form-data':
      return checked(schema, (await readForm(exchange, service)).fields)
    default:
      return readJson(schema, exchange, service)
  }
}

/** Reads a form with one file, which must be under `name`. */
export async function readFile(name: string, exchange: Exchange, service: Service) {
  const { fields, file } = await readForm(exchange, service)
  if (!file) {
    const hint =
      name in fields ? `It came as text; send it as a file: curl -F ${name}=@clip.wav` : `curl -F ${name}=@clip.wav`
    throw badRequest('file-missing', `There is no file in the field "${name}". ${hint}`, name)
  }
  if (file.field !== name)
    throw badRequest('file-misnamed', `The file came as "${file.field}". Send it as "${name}".`, file.field)
  if (file.bytes.length === 0) throw badRequest('audio-empty', 'The file is empty: it has 0 bytes.', name)
  return { fields, bytes: file.bytes }
}

/** Throws the 400 that names the first field at fault. */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const param = issue?.path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at ? '.' : ''}${String(part)}`))
    .join('')
  throw badRequest(
    'bad-parameter',
    `${param || 'the request'}: ${issue?.message ?? 'not as expected'}`,
    param || undefined,
  )
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw badRequest('json-broken', 'The body is not JSON. Check its quotes, brackets and commas.')
  }
}

async function readBytes(exchange: Exchange, service: Service): Promise<Buffer> {
  const chunks: Buffer[] = []
  await receive(exchange, service, service.config.mostBytes, (chunk) => chunks.push(chunk))
  return Buffer.concat(chunks)
}

async function readForm(exchange: Exchange, service: Service): Promise<Form> {
  const contentType = exchange.request.headers['content-type'] ?? ''
  if (exchange.mediaType !== 'multipart/form-data')
    throw new Problem(415, 'not-a-form', 'Send the request as multipart/form-data: curl -F file=@clip.wav')
  const parser = openParser(contentType)
  const form: Form = { fields: {}, file: null }
  const chunks: Buffer[] = []
  const parsed = new Promise<void>((resolve, reject) => {
    parser.on('error', () => reject(badRequest('form-broken', 'The form ends in the middle or has no valid boundary.')))
    parser.on('finish', () => resolve())
    parser.on('field', (name, value, nameTruncated, valueTruncated) => {
      if (nameTruncated || valueTruncated) reject(fieldTooLarge(name))
      else addField(form.fields, name, value)
    })
    parser.on('file', (field, stream) => {
      if (form.file)
        reject(badRequest('files-many', 'The form has more than one file. Send one for each request.', field))
      form.file = { field, bytes: Buffer.alloc(0) }
      // a file that breaks off is told of twice: here, and by the parser
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {})
    })
    parser.on('partsLimit', () => reject(badRequest('fields-many', `A form may have ${mostFields} fields.`)))
  })
  const mostBytes = service.config.mostBytes + mostFields * mostFieldBytes
  const arrived = receive(exchange, service, mostBytes, (chunk) => parser.write(chunk)).then(() => parser.end())
  // the first of the two that fails says why; a form is whole when both are done
  await Promise.all([arrived, parsed])
  if (form.file) form.file.bytes = Buffer.concat(chunks)
  return form
}

function openParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { fieldSize: mostFieldBytes, parts: mostFields, fieldNameSize: 100 },
    })
  } catch {
    throw badRequest('form-broken', 'The content-type names no boundary. Let your HTTP library set it.')
  }
}

const fieldTooLarge = (name: string) =>
  new Problem(413, 'field-too-large', `The field "${name.slice(0, 100)}" has more than ${mostFieldBytes} bytes.`, {
    param: name.slice(0, 100),
  })

/** Of a field that comes twice the last counts; `name[]` is a list. */
function addField(fields: Form['fields'], name: string, value: string) {
  if (!name.endsWith('[]')) {
    fields[name] = value
    return
  }
  const list = fields[name.slice(0, -2)]
  fields[name.slice(0, -2)] = Array.isArray(list) ? [...list, value] : [value]
}

/** Passes a body on as it arrives, within the limits. What is left of a refused body is read and dropped, so that the client sees why. */
function receive(
  exchange: Exchange,
  service: Service,
  mostBytes: number,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const { request, signal } = exchange
  const { config, held } = service
  const tooLarge = () =>
    new Problem(
      413,
      'body-too-large',
      `The body has more than ${config.mostBytes} bytes. Send a shorter or compressed file.`,
    )
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) {
    request.resume()
    return Promise.reject(tooLarge())
  }
  return new Promise((resolve, reject) => {
    let bytes = 0
    const finish = (settle: () => void) => {
      clearTimeout(idle)
      request.off('data', onData).off('end', onEnd).off('error', onError)
      signal.removeEventListener('abort', onGone)
      request.resume()
      settle()
    }
    const refuse = (problem: Problem) => finish(() => reject(problem))
    const onData = (chunk: Buffer) => {
      idle.refresh()
      bytes += chunk.length
      exchange.heldBytes += chunk.length
      held.bytes += chunk.length
      if (bytes > mostBytes) return refuse(tooLarge())
      if (held.bytes > config.mostBytesAtOnce) return refuse(uploadsFull())
      take(chunk)
    }
    const onEnd = () => finish(resolve)
    const onGone = () => finish(() => reject(signal.reason))
    // a request breaks only when its connection does, and may say so before the response does
    const onError = () => exchange.leave()
    const idle = setTimeout(() => refuse(tooSlow(config.idleMs)), config.idleMs)
    if (signal.aborted) return onGone()
    request.on('data', onData).on('end', onEnd).on('error', onError)
    signal.addEventListener('abort', onGone, { once: true })
  })
}

const uploadsFull = () =>
  new Problem(429, 'uploads-full', 'This device holds as many uploads as it can. Send this one again in a while.', {
    retryAfterSeconds: 5,
  })

/** The connection ends with this answer: what is to come of the body would never end. */
const tooSlow = (idleMs: number) =>
  new Problem(408, 'upload-stalled', `Nothing of the body came for ${idleMs / 1000} s. Send it again.`, {
    headers: { connection: 'close' },
  })
