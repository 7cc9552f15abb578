import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { Failure } from './failure'
import type { Terminal } from './terminal'

/** Which dashboard to talk to, and as whom. `url` is without a trailing slash. */
export const Login = z.object({ url: z.string().min(1), token: z.string().min(1) })
export type Login = z.infer<typeof Login>

type Env = Terminal['env']

export function loginFile(env: Env): string {
  const config = env.XDG_CONFIG_HOME || path.join(env.HOME || homedir(), '.config')
  return path.join(config, 'tradewind', 'cli.json')
}

/** Only its owner can read it, also when an older file was open to all. Throws `Failure` when it cannot be written. */
export function saveLogin(env: Env, login: Login): string {
  const file = loginFile(env)
  const draft = `${file}.${process.pid}`
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(draft, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 })
    renameSync(draft, file)
  } catch (error) {
    const next = 'Make room for it, or set TRADEWIND_URL and TRADEWIND_API_TOKEN instead.'
    throw new Failure('login-unwritable', `${file} cannot be written: ${(error as Error).message}.`, next)
  }
  return file
}

/** The login to use: TRADEWIND_URL and TRADEWIND_API_TOKEN before what was saved. Throws `Failure` when there is none. */
export function findLogin(env: Env): Login {
  const { TRADEWIND_URL: url, TRADEWIND_API_TOKEN: token } = env
  if (url && token) return { url: dashboardUrl(url), token }
  const saved = readSaved(env)
  if (!saved) throw notSignedIn('You are not signed in to a dashboard.')
  if (token) return { url: saved.url, token }
  // a token is a secret of one dashboard: another one must not get to see it
  if (url && dashboardUrl(url) !== saved.url)
    throw notSignedIn(`The saved token is for ${saved.url}, not for ${dashboardUrl(url)}.`)
  return saved
}

const notSignedIn = (message: string) =>
  new Failure(
    'not-signed-in',
    message,
    'Make an API token in the dashboard under Settings, then run: tradewind login --url URL --token TOKEN',
  )

function readSaved(env: Env): Login | null {
  const file = loginFile(env)
  try {
    return Login.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new Failure('login-unreadable', `${file} cannot be read.`, 'Run tradewind login again to replace it.')
  }
}

/** Throws `Failure` for what is no address of a dashboard; plain HTTP is for this machine only. */
export function dashboardUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Failure('usage', `${text} is not a web address.`, 'Give it like this: http://localhost:7080')
  const isHere = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isHere)
    throw new Failure('usage', `${text} would send the token unencrypted.`, 'Use https, or http on this machine.')
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}
