import { createServer } from 'node:https'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { EnrolClaims, type EnrolReply, fingerprintOf, type Problem, type ProblemCode } from '@tradewind/protocol'
import type { StoreThread } from '@tradewind/store'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWK, jwtVerify } from 'jose'
import type { Logger } from 'pino'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { admit } from '../admission/admit'
import type { Roster } from '../admission/roster'
import type { Authority } from '../authority/authority'
import type { Ingest } from '../ingest/ingest'
import type { Metrics } from '../metrics'
import type { Mirror } from '../mirror/mirror'
import type { Pace } from '../mirror/pace'
import { fileServer } from '../mirror/serve-file'
import type { KeptClips } from '../smoke/kept-clips'
import type { Clips } from '../trial/clips'
import { problem } from './problem'

export type DeviceApiParts = {
  store: StoreThread
  roster: Roster
  ingest: Ingest
  clips: Clips
  smokeClips: KeptClips
  mirror: Mirror
  /** over all transfers of model files */
  pace: Pace
  authority: Authority
  metrics: Metrics
  log: Logger
  now: () => number
  mqttPort: () => number
  /** a device was let in; its key may be new */
  onEnrolled: (deviceId: string) => Promise<void>
}

/** Seconds between two askings of a device that waits for approval. */
const askAgainSeconds = 20

/** What devices (and Prometheus) ask of the hub over HTTPS. */
export function deviceApi(parts: DeviceApiParts) {
  const app = new Hono<{ Bindings: HttpBindings }>()
  const { store, roster, ingest, clips, authority, metrics, log, now } = parts
  // only what leads nowhere counts: forty Pis behind one router enrol at once
  const patience = new RateLimiterMemory({ points: 240, duration: 60 })
  const addressOf = (c: Context) => getConnInfo(c).remote.address ?? 'unknown'
  const refuse = (c: Context, code: ProblemCode, detail?: Problem['detail']) => {
    const { status, body } = problem(code, detail)
    return c.json(body, status)
  }

  app.get('/ca.pem', (c) => c.text(authority.caPem, 200, { 'content-type': 'application/x-pem-file' }))
  app.get('/time', (c) => c.json({ now: now() }))
  app.get('/healthz', (c) => {
    const code = ingest.failure
    return c.json({ ok: code === null, ...(code ? { code } : {}) }, code === null ? 200 : 503)
  })

  app.get('/metrics', async (c) => {
    const isLocal = /^(::ffff:)?127\.|^::1$/.test(addressOf(c))
    const bearer = c.req.header('authorization')?.replace(/^Bearer /, '') ?? ''
    if (!isLocal && !(await store.apiTokenBearer(bearer))) return refuse(c, 'unauthorised')
    return c.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType })
  })

  const admitted = (c: Context) => admit(roster, c.req.header('authorization')?.replace(/^Bearer /, '') ?? '', now())

  app.get('/session', async (c) => {
    const verdict = await admitted(c)
    if (verdict.admit) return c.json({ ok: true, now: now() })
    return refuse(c, verdict.code, verdict.latestStart === undefined ? undefined : { latestStart: verdict.latestStart })
  })

  app.get('/clips/:name', async (c) => {
    const verdict = await admitted(c)
    if (!verdict.admit) return refuse(c, verdict.code)
    const clip = clips.fetch(c.req.path, verdict.device.deviceId)
    if (!clip) return refuse(c, 'clip-gone')
    c.env.outgoing.once('close', clip.done)
    return c.body(clip.bytes, 200, { 'content-type': 'application/octet-stream' })
  })

  app.get('/smoke-clips/:sha256', async (c) => {
    const verdict = await admitted(c)
    if (!verdict.admit) return refuse(c, verdict.code)
    const bytes = await parts.smokeClips.read(c.req.param('sha256'))
    return bytes ? c.body(bytes, 200, { 'content-type': 'application/octet-stream' }) : refuse(c, 'not-found')
  })

  const serveFile = fileServer(parts.mirror, parts.pace)
  app.get('/files/:sha256', async (c) => {
    const verdict = await admitted(c)
    return verdict.admit ? serveFile(c, verdict.device.deviceId) : refuse(c, verdict.code)
  })

  app.post('/enrol', bodyLimit({ maxSize: 16 * 1024, onError: (c) => refuse(c, 'bad-request') }), async (c) => {
    const address = addressOf(c)
    const spent = await patience.get(address)
    if (spent && spent.remainingPoints <= 0) {
      c.header('retry-after', String(Math.ceil(spent.msBeforeNext / 1000)))
      return refuse(c, 'rate-limited')
    }
    const asked = await readRequest(await c.req.text())
    const outcome =
      typeof asked === 'string' ? { state: 'refused' as const, code: asked } : await store.enrol({ ...asked, address })
    metrics.enrolments.inc({ outcome: outcome.state === 'refused' ? outcome.code : outcome.state })
    if (outcome.state !== 'enrolled') await patience.consume(address).catch(() => {})
    if (outcome.state === 'refused' || typeof asked === 'string') {
      log.warn({ address, code: outcome.state === 'refused' ? outcome.code : asked }, 'enrolment refused')
      return refuse(c, (outcome.state === 'refused' ? outcome.code : asked) as ProblemCode)
    }
    if (outcome.state === 'enrolled') await parts.onEnrolled(outcome.deviceId)
    const reply: EnrolReply =
      outcome.state === 'enrolled'
        ? { ...outcome, mqttPort: parts.mqttPort(), signingKey: authority.signingJwk, now: now() }
        : { ...outcome, fingerprint: fingerprintOf(asked.thumbprint), retryAfterSeconds: askAgainSeconds, now: now() }
    return c.json(reply, outcome.state === 'enrolled' ? 200 : 202)
  })

  app.onError((error, c) => {
    log.error({ error: error.message, path: c.req.path }, 'request failed')
    return refuse(c, 'store-unavailable')
  })
  app.notFound((c) =>
    c.json({ code: 'not-found', message: 'There is nothing here.', next: 'See docs/flow.md.' } satisfies Problem, 404),
  )

  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: { ...authority.server, minVersion: 'TLSv1.2' },
  })
  return server
}

/** The key that asks and what it claims, or why the request is not taken. The signature proves that it holds the key. */
async function readRequest(
  body: string,
): Promise<{ publicKey: string; thumbprint: string; claims: EnrolClaims } | 'bad-request' | 'bad-signature'> {
  try {
    const { payload, protectedHeader } = await jwtVerify(body, EmbeddedJWK, { algorithms: ['EdDSA'] })
    const claims = EnrolClaims.safeParse(payload)
    const jwk = protectedHeader.jwk as JWK
    if (!claims.success || jwk.crv !== 'Ed25519' || !jwk.x) return 'bad-request'
    return { publicKey: jwk.x, thumbprint: await calculateJwkThumbprint(jwk), claims: claims.data }
  } catch (error) {
    return error instanceof errors.JWSSignatureVerificationFailed ? 'bad-signature' : 'bad-request'
  }
}
