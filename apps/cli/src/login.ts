import { Command } from 'commander'
import { z } from 'zod'
import { openApi } from './api'
import { dashboardUrl, saveLogin } from './saved-login'
import type { Terminal } from './terminal'

const Me = z.object({ name: z.string(), email: z.string().nullable(), role: z.string() })

export const loginCommand = (terminal: Terminal) =>
  new Command('login')
    .description('check an API token and remember it with its dashboard')
    .requiredOption('--url <url>', 'address of the dashboard, for example http://localhost:7080')
    .requiredOption('--token <token>', 'API token, made in the dashboard under Settings')
    .action(async ({ url, token }: { url: string; token: string }) => {
      const login = { url: dashboardUrl(url), token }
      const { name, role } = await openApi(login).call('GET', '/me', Me)
      const file = saveLogin(terminal.env, login)
      terminal.out(`Signed in to ${login.url} as ${name} (${role}). Saved in ${file}.\n`)
    })
