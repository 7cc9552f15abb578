import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { type RequestOptions, request } from 'node:http'
import { createServer } from 'node:net'
import path from 'node:path'
import { openStore, type Store } from '@tradewind/store'
import { Command } from 'commander'
import { Failure } from '../failure'
import { Child } from './child'
import { programs } from './programs'

type Options = { data: string; port: string; agent: boolean }

/** Hub, dashboard and an agent for this machine, in the foreground. */
export const upCommand = () =>
  new Command('up')
    .description('start hub, dashboard and an agent for this machine; Ctrl-C stops them')
    .option('--data <folder>', 'where everything is kept', process.env.TRADEWIND_DATA ?? '.tradewind')
    .option('--port <number>', 'of the dashboard', process.env.TRADEWIND_DASHBOARD_PORT ?? '7080')
    .option('--no-agent', 'without an agent for this machine')
    .action(up)

async function up({ data, port, agent: withAgent }: Options) {
  const folder = path.resolve(data)
  const origin = `http://localhost:${port}`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  await mustBeFree(Number(port))
  const children: Child[] = []
  const stop = stopOnSignal(children)
  try {
    say('Tradewind is starting')
    const store = await openStore(path.join(folder, 'tradewind.db'))
    await startHub(folder, children)
    const hub = await store.hubInfo()
    done('hub', `${hub?.urls[0] ?? ''}, MQTT over TLS on port ${hub?.mqttPort}`)
    await startDashboard(folder, port, children)
    done('dashboard', origin)
    if (withAgent) {
      await startAgent(folder, store, children)
      done('agent', 'this machine is online')
    }
    await inviteAdmin(store, origin)
    await store.close()
  } catch (error) {
    await stop()
    throw new Failure('not-started', (error as Error).message, `The logs are in ${path.join(folder, 'logs')}.`)
  }
}

async function startHub(folder: string, children: Child[]) {
  if (await hubAnswers(folder))
    throw new Error(`a hub runs on ${folder} already: stop it, or choose another folder with --data`)
  const hub = childOf('hub', programs().hub, folder, { TRADEWIND_DATA: folder })
  children.push(hub)
  await hub.start(() => hubAnswers(folder))
}

async function startDashboard(folder: string, port: string, children: Child[]) {
  const { dashboardRunner, dashboard: server } = programs()
  const env = { TRADEWIND_DATA: folder, PORT: port, HOSTNAME: '127.0.0.1', NODE_ENV: 'production' }
  const dashboard = childOf('dashboard', dashboardRunner, folder, env, [server])
  children.push(dashboard)
  await dashboard.start(() => answers(`http://127.0.0.1:${port}/api/health`))
}

/** Resolves when the first sample of this machine is stored. */
async function startAgent(folder: string, store: Store, children: Child[]) {
  const data = path.join(folder, 'agent')
  const enrolled = path.join(data, 'enrolled.json')
  const token = existsSync(enrolled)
    ? undefined
    : await store.createEnrolToken({ note: 'this machine', lifeMs: 600_000, actor: 'up' })
  const since = Date.now()
  const agent = childOf('agent', programs().agent, folder, {
    TRADEWIND_AGENT_DATA: data,
    TRADEWIND_TOKEN: token?.text,
    TRADEWIND_DEMO: process.env.TRADEWIND_DEMO ?? programs().demo,
  })
  children.push(agent)
  await agent.start(async () => {
    const { deviceId } = JSON.parse(readFileSync(enrolled, 'utf8')) as { deviceId: string }
    return (await store.latestSamples(since)).has(deviceId)
  })
}

const childOf = (
  name: string,
  script: string,
  folder: string,
  env: Record<string, string | undefined>,
  args: string[] = [],
) => new Child({ name, script, args, env, logFolder: path.join(folder, 'logs'), tell: say })

async function hubAnswers(folder: string): Promise<boolean> {
  const file = path.join(folder, 'hub.local.json')
  if (!existsSync(file)) return false
  const { port, secret } = JSON.parse(readFileSync(file, 'utf8')) as { port: number; secret: string }
  return answers(`http://127.0.0.1:${port}/wake`, { method: 'POST', headers: { authorization: `Bearer ${secret}` } })
}

/** Whether a server of ours answers there. Not by `fetch`: it refuses some ports that a person may choose. */
function answers(url: string, options: RequestOptions = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request(url, options, (reply) => {
      reply.resume()
      resolve((reply.statusCode ?? 500) < 300)
    })
    asking.on('error', () => resolve(false))
    asking.end()
  })
}

async function inviteAdmin(store: Store, origin: string) {
  const code = await store.issueSetupCode()
  if (code) say(`\nMake the first account with this link; it works once:\n\n  ${origin}/setup?code=${code}\n`)
  else say(`\nOpen ${origin}\n`)
  say('Ctrl-C stops everything.')
}

/** Ends the children in the reverse order of their start: the agent says goodbye while the hub still listens. */
function stopOnSignal(children: Child[]): () => Promise<void> {
  let stopping: Promise<void> | null = null
  const stopAll = async () => {
    for (const child of children) child.letGo()
    for (const child of [...children].reverse()) await child.stop()
  }
  const stop = () => (stopping ??= stopAll())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      say('Stopping')
      void stop().then(() => process.exit(0))
    })
  return stop
}

function mustBeFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    const next = 'Stop the other program, or choose another port with --port.'
    probe.once('error', (error) =>
      reject(new Failure('port-in-use', `port ${port} cannot be used: ${error.message}`, next)),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

function say(line: string) {
  process.stdout.write(`${line}\n`)
}

const done = (what: string, how: string) => say(`  ${what.padEnd(10)} ${how}`)
