import './frugal'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { acceptCommand } from './accept/command'
import { startAgent, version } from './agent'
import { importCommand, modelsCommand, pullCommand } from './artifacts/commands'
import { engineCommand } from './engine/llama-server-command'
import { readEnv } from './env'
import { localHost } from './host/local'
import { EnrolError } from './identity/enrol-error'
import { openLog } from './log'
import { capture, FolderNotEmpty } from './probe/capture'
import { describe } from './probe/describe'
import { probeAll } from './probe/probe'
import { openLocalService } from './serving/open'

/** Exit code for what a restart does not mend (EX_CONFIG of sysexits.h): a service manager should not try again. */
const needsAPerson = 78

async function run() {
  const env = readEnv(process.env)
  const { log, lastLines } = openLog(env.TRADEWIND_LOG)
  const giveUp = (code: string, message: string, next: string): never => {
    log.fatal({ code, next }, message)
    process.stderr.write(`error ${code}: ${message}\n  ${next}\n`)
    process.exit(needsAPerson)
  }
  const aborting = new AbortController()
  let stop = async () => aborting.abort()
  // `disconnect`: whoever started this agent is gone
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
    process.on(signal, () => {
      void stop().then(() => process.exit(0))
    })
  try {
    mkdirSync(env.TRADEWIND_AGENT_DATA, { recursive: true, mode: 0o700 })
    const service = await openLocalService(env, log, Date.now)
    service.start()
    stop = async () => {
      aborting.abort()
      await service.close()
    }
    const agent = await startAgent({
      env,
      log,
      lastLines,
      hear: service.hear,
      seek: service.seek,
      takeWork: service.takeWork,
      signal: aborting.signal,
    })
    service.tell(agent)
    stop = async () => {
      await Promise.all([service.close(), agent.stop()])
    }
    const banished = await agent.ended
    if (banished) giveUp(banished.code, banished.message, banished.next)
  } catch (error) {
    if (aborting.signal.aborted) return
    if (error instanceof EnrolError) giveUp(error.code, error.message, error.next)
    const { code = 'failed', message } = error as NodeJS.ErrnoException
    giveUp(code, message, `Look at ${env.TRADEWIND_AGENT_DATA}: is it there, writable, and the disk not full?`)
  }
}

/** The service alone, for a device that belongs to no fleet. */
async function serve() {
  const env = readEnv(process.env)
  const { log } = openLog(env.TRADEWIND_LOG)
  mkdirSync(env.TRADEWIND_AGENT_DATA, { recursive: true, mode: 0o700 })
  const service = await openLocalService(env, log, Date.now)
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
    process.on(signal, () => void service.close().then(() => process.exit(0)))
  service.start()
}

/** This machine, looked at without leaving anything on it: where there is no data folder yet, from the one above. */
function thisHost() {
  let folder = path.resolve(readEnv(process.env).TRADEWIND_AGENT_DATA)
  while (!existsSync(folder)) folder = path.dirname(folder)
  return localHost(folder, readEnv(process.env).TRADEWIND_MEASURE === 'never' ? 'never' : 'look')
}

async function probe({ json }: { json?: boolean }) {
  const report = await probeAll(thisHost(), version, Date.now())
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(report))
}

async function captureInto(folder: string) {
  try {
    const { unreadable } = await capture(thisHost(), folder, version, Date.now())
    process.stdout.write(`${path.resolve(folder)} replays this host; ${unreadable.length} things could not be read\n`)
  } catch (error) {
    if (!(error instanceof FolderNotEmpty)) throw error
    process.stderr.write(`error folder-not-empty: ${error.message}\n  Name a folder that does not exist yet.\n`)
    process.exitCode = 1
  }
}

await new Command('tradewind-agent')
  .description('Probes this device, keeps it in touch with its hub and reports how it fares.')
  .version(version)
  .addCommand(new Command('run').description('enrol if need be, then stay in touch (default)').action(run), {
    isDefault: true,
  })
  .addCommand(new Command('serve').description('serve the build that is here, without any hub').action(serve))
  .addCommand(
    new Command('probe')
      .description('print what this device is, and what could not be read of it')
      .option('--json', 'as one JSON document, as the hub gets it')
      .action(probe),
  )
  .addCommand(
    new Command('capture')
      .description('write what this device answers to its probes, with nothing secret in it, for a test to replay')
      .argument('<folder>', 'new or empty')
      .action(captureInto),
  )
  .addCommand(engineCommand())
  .addCommand(pullCommand(thisHost))
  .addCommand(importCommand())
  .addCommand(modelsCommand())
  .addCommand(acceptCommand())
  .parseAsync()
