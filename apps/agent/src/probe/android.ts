import type { Commands } from '../host/host'
import { textOf } from './gaps'

/** A property of an Android system. One that is not set prints an empty line: `garbled`. */
export const getprop = async (host: Commands, name: string): Promise<string> =>
  textOf(await host.run('getprop', [name], { timeoutMs: 5_000 }), `getprop ${name}`)
