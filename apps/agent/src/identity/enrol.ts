import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import { hostname } from 'node:os'
import { EnrolReply, type EnrolToken, fingerprintOf, Problem, readEnrolToken } from '@tradewind/protocol'
import { calculateJwkThumbprint, SignJWT } from 'jose'
import type { Logger } from 'pino'
import { hubRequest } from '../link/hub-http'
import { EnrolError } from './enrol-error'
import { type Enrolled, publicJwk, saveEnrolled } from './identity'

export type EnrolOptions = {
  folder: string
  key: KeyObject
  token: string | undefined
  hubUrl: string | undefined
  name: string | undefined
  agentVersion: string
  hints: { board?: string; serialHash?: string }
  log: Logger
  wait: (ms: number) => Promise<void>
}

/**
 * Asks the hub to let this device in, for as long as it takes: while it cannot be reached, and while a person has yet
 * to decide. Throws `EnrolError` when it says no. Asking again after a lost reply is safe: the key is the same.
 */
export async function enrol(options: EnrolOptions): Promise<Enrolled> {
  const { folder, log, wait, key } = options
  const way = wayToHub(options)
  log.info(
    { fingerprint: fingerprintOf(await calculateJwkThumbprint(publicJwk(key))) },
    'this device has the fingerprint',
  )
  for (let attempt = 0; ; attempt++) {
    const answer = await askOnce(way, options)
    if (answer?.reply.state === 'enrolled') {
      const { deviceId, mqttPort, signingKey } = answer.reply
      const urls = [answer.url, ...way.urls.filter((url) => url !== answer.url)]
      const enrolled = { deviceId, hub: { urls, caPem: answer.caPem, mqttPort, signingKey } }
      await saveEnrolled(folder, enrolled)
      log.info({ deviceId }, 'enrolled')
      return enrolled
    }
    if (answer)
      log.info({ retryAfterSeconds: answer.reply.retryAfterSeconds }, 'waiting for a person to approve this device')
    const pauseMs = answer ? answer.reply.retryAfterSeconds * 1000 : Math.min(30_000, 1_000 * 2 ** attempt)
    await wait(pauseMs * (0.5 + Math.random() / 2))
  }
}

type Way = Pick<EnrolToken, 'urls'> & Partial<Pick<EnrolToken, 'caSha256' | 'secret'>>

function wayToHub({ token, hubUrl }: EnrolOptions): Way {
  if (token !== undefined) {
    const read = readEnrolToken(token)
    if (read.ok) return read.value
    throw new EnrolError(
      'token-unreadable',
      read.refusal.where,
      'Copy the whole token, or make a new one: tradewind token create',
    )
  }
  if (hubUrl !== undefined) return { urls: [hubUrl.replace(/\/$/, '')] }
  throw new EnrolError(
    'not-enrolled',
    'this device is not enrolled, and no token was given',
    'Make a token (tradewind token create), then: TRADEWIND_TOKEN=tw1_… tradewind-agent run',
  )
}

async function askOnce(way: Way, options: EnrolOptions) {
  const { key, log } = options
  for (const url of way.urls) {
    try {
      const caPem = await trustedCa(url, way.caSha256, log)
      const body = await signedRequest(key, options, way.secret)
      const { status, json } = await hubRequest(`${url}/enrol`, { caPem, method: 'POST', body })
      const reply = EnrolReply.safeParse(json)
      if (reply.success) return { url, caPem, reply: reply.data }
      giveUpOn(status, json)
      log.warn({ url, status }, 'the hub did not take the request; trying again')
    } catch (error) {
      if (error instanceof EnrolError) throw error
      log.warn({ url, error: (error as Error).message }, 'cannot reach the hub here')
    }
  }
  return null
}

/** The hub's CA. With a token its hash is pinned; without one the first sight is trusted and shown to be compared. */
async function trustedCa(url: string, pinned: string | undefined, log: Logger): Promise<string> {
  const { body } = await hubRequest(`${url}/ca.pem`, { caPem: null })
  const seen = createHash('sha256').update(new X509Certificate(body).raw).digest('hex')
  if (pinned === undefined)
    log.warn({ url, caSha256: seen }, "trusting this hub's CA at first sight: compare it with the dashboard")
  else if (pinned !== seen)
    throw new EnrolError(
      'wrong-hub',
      `${url} is not the hub that made this token`,
      'Check the address, or make a token on that hub.',
    )
  return body
}

function signedRequest(key: KeyObject, { name, agentVersion, hints }: EnrolOptions, secret: string | undefined) {
  return new SignJWT({
    ...(secret ? { secret } : {}),
    name: name ?? (hostname().slice(0, 63) || 'device'),
    agentVersion,
    hints,
  })
    .setProtectedHeader({ alg: 'EdDSA', jwk: publicJwk(key) })
    .sign(key)
}

const temporary = new Set(['rate-limited', 'parking-full', 'store-unavailable'])

function giveUpOn(status: number, body: unknown) {
  const problem = Problem.safeParse(body)
  if (problem.success && !temporary.has(problem.data.code) && status < 500)
    throw new EnrolError(problem.data.code, problem.data.message, problem.data.next)
}
