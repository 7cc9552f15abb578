import type { Amount } from '@tradewind/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'

export type PlanOptions = { now?: boolean; waves?: Amount[]; mostAtOnce?: Amount }

/** Adds the options that say how a change goes through the fleet. */
export const withPlan = (command: Command): Command =>
  command
    .option('--waves <amounts>', 'told by the end of each wave (1,10%,50%,100% if left out)', (text) =>
      text.split(',').map(amountOf),
    )
    .option('--most-at-once <amount>', 'devices that change at the same time: 5, or 25%', amountOf)

export const withNow = (command: Command): Command =>
  withPlan(command).addOption(new Option('--now', 'all at once, without waves').conflicts(['waves', 'mostAtOnce']))

/** What the API takes: null is at once; what is left out is as careful as it comes. */
export const planOf = ({ now, waves, mostAtOnce }: PlanOptions) =>
  now ? null : { ...(waves && { waves }), ...(mostAtOnce && { mostAtOnce }) }

function amountOf(text: string): Amount {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? []
  const value = Number(number)
  if (percent && value > 0 && value <= 100) return { share: value / 100 }
  if (!percent && Number.isSafeInteger(value) && value > 0) return { devices: value }
  throw new InvalidArgumentError(`${text} is neither a number of devices nor a share: 5, or 10%.`)
}
