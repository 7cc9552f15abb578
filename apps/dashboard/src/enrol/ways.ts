/** A way to bring a token to a device. A new one is one more row. */
export type Way = { id: string; title: string; hint: string; command: (token: string) => string }

/** Only what works today. */
export const ways: Way[] = [
  {
    id: 'run',
    title: 'Run the agent with it',
    hint: 'On a device that has the agent. It needs the token once: the key that it makes is on its disk from then on.',
    command: (token) => `TRADEWIND_TOKEN=${token} tradewind-agent run`,
  },
]

/** Without a token a device waits until a person lets it in. */
export const withoutToken = (hub: string) => `TRADEWIND_HUB=${hub} tradewind-agent run`

const loopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/

/** Whether another machine could open this address at all. */
export const isReachable = (origin: string) => URL.canParse(origin) && !loopback.test(new URL(origin).hostname)

/**
 * What the QR code of a token holds. A page of this dashboard with the commands for it, where a phone can open that: the
 * token stands behind the #, which no browser sends, so it is in no log. Else the command itself, as text to copy.
 */
export const qrTextOf = (origin: string, token: string) =>
  isReachable(origin) ? `${origin}/enrol#${token}` : (ways[0]?.command(token) ?? token)
