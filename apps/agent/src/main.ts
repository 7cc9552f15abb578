import { Command } from 'commander'
import { startAgent, version } from './agent'
import { readEnv } from './env'
import { EnrolError } from './identity/enrol-error'
import { openLog } from './log'

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
    const agent = await startAgent({ env, log, lastLines, signal: aborting.signal })
    stop = agent.stop
    const banished = await agent.ended
    if (banished) giveUp(banished.code, banished.message, banished.next)
  } catch (error) {
    if (aborting.signal.aborted) return
    if (error instanceof EnrolError) giveUp(error.code, error.message, error.next)
    const { code = 'failed', message } = error as NodeJS.ErrnoException
    giveUp(code, message, `Look at ${env.TRADEWIND_AGENT_DATA}: is it there, writable, and the disk not full?`)
  }
}

await new Command('tradewind-agent')
  .description('Probes this device, keeps it in touch with its hub and reports how it fares.')
  .version(version)
  .addCommand(new Command('run').description('enrol if need be, then stay in touch (default)').action(run), {
    isDefault: true,
  })
  .parseAsync()
