import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { z } from 'zod'
import { Access } from './access'
import { ApiConfig } from './config'
import { Exchange } from './exchange'
import { Line } from './line'
import { Meters } from './meters'
import { type Problem, problemOf } from './problem'
import { type Route, routeOf } from './routes'
import { type Service, serving } from './service'
import { Turnstile } from './turnstile'
import type { WorkSince } from './work'

export type ApiParts = Pick<Service, 'engine' | 'audio' | 'clock' | 'log'> & { config: z.input<typeof ApiConfig> }

/** Connections at the same time; each costs little until it sends. */
const mostConnections = 256
const headersMs = 10_000
const keepAliveMs = 30_000

/**
 * Opens the device's API. Throws the `ZodError` of a wrong configuration, such as an address beyond loopback without a key,
 * and the system's error when the port is taken. `takeWork` says what was done since it was asked last; `close` ends what
 * runs at once.
 */
export async function startApi(
  parts: ApiParts,
): Promise<{ port: number; takeWork(): WorkSince; close(): Promise<void> }> {
  const service = openService(parts)
  const { config } = service
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: config.requestMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: Math.min(5_000, config.idleMs),
    },
    (request, response) => void handle(new Exchange(request, response), service),
  )
  server.maxConnections = mostConnections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(config.port, config.host, resolve)
  })
  const unsubscribe = service.engine.onState(() => service.slotsChanged())
  const { port } = server.address() as AddressInfo
  service.log.info({ host: config.host, port, keys: config.keys.length }, 'the API listens')
  return {
    port,
    takeWork: () => service.meters.work.take(),
    async close() {
      unsubscribe()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function openService({ config: given, ...parts }: ApiParts): Service & { slotsChanged(): void } {
  const config = ApiConfig.parse(given)
  const { engine, clock } = parts
  // without an engine a request goes through at once, and gets its 503 from where it would have got its answer
  const slots = () => engine.capabilities?.slots ?? 1
  const meters = new Meters(engine, () => line)
  const line = new Line(slots, config.mostWaiting, () => clock.uptimeMs(), meters)
  const clips = new Turnstile(() => slots() + 1)
  const slotsChanged = () => {
    line.slotsChanged()
    clips.admit()
  }
  return { ...parts, config, access: new Access(config), line, clips, meters, held: { bytes: 0 }, slotsChanged }
}

async function handle(exchange: Exchange, service: Service): Promise<void> {
  const began = service.clock.uptimeMs()
  let route: Route | null = null
  let problem: Problem | null = null
  try {
    service.access.mustBeLocal(exchange)
    route = routeOf(exchange.request.method ?? '', exchange.url.pathname)
    if (!route.key) service.access.mustKnow(exchange.bearer)
    if (route.isWork) {
      serving(service)
      service.line.mustHaveRoom()
    }
    await route.answer(exchange, service)
  } catch (thrown) {
    if (!exchange.signal.aborted) problem = refuse(thrown, route, exchange, service)
  } finally {
    service.held.bytes -= exchange.heldBytes
    record(exchange, route, problem, service.clock.uptimeMs() - began, service)
  }
}

function refuse(thrown: unknown, route: Route | null, exchange: Exchange, { engine, clock, log }: Service): Problem {
  const problem = problemOf(thrown, engine.state, clock.now())
  if (problem.status === 500) log.error({ where: placeOf(thrown) }, 'the API made a mistake')
  exchange.refuse(problem, route?.errors === 'libretranslate' ? { error: problem.message } : problem.body)
  return problem
}

/** Where an error comes from. Never its message: that may hold what somebody said. */
const placeOf = (thrown: unknown) =>
  thrown instanceof Error ? [thrown.name, ...(thrown.stack?.split('\n    at ').slice(1, 4) ?? [])] : [typeof thrown]

const clientGone = 499
/** Whoever scans the network makes no work of a device. */
const wrongKey = 401

function record(exchange: Exchange, route: Route | null, problem: Problem | null, ms: number, service: Service): void {
  const code = exchange.signal.aborted ? clientGone : exchange.response.statusCode
  const endpoint = route?.path ?? 'none'
  service.meters.answered(endpoint, code)
  if (problem) service.meters.failed(problem.code)
  if (route?.isWork && code !== wrongKey) service.meters.asked(problem !== null)
  service.log.debug({ endpoint, code, ms: Math.round(ms), ...(problem && { problem: problem.code }) }, 'answered')
}
