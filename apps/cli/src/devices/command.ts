import { presenceStates } from '@tradewind/protocol'
import { Command, Option } from 'commander'
import { openSession } from '../session'
import type { Terminal } from '../terminal'
import { approve, refuse, rename, restart, revoke } from './change'
import { labelDevice } from './label'
import { type ListOptions, listDevices } from './list'
import { showDevice } from './show'

export function devicesCommand(terminal: Terminal): Command {
  const devices = new Command('devices').description('see and manage devices; DEVICE is an id or a unique name')
  const add = (usage: string, says: string) =>
    devices.command(usage).description(says).option('--json', 'print the answer of the API')

  add('list', 'devices, and those that await approval')
    .addOption(new Option('--presence <presence>', 'only these').choices([...presenceStates, 'unknown']))
    .option('--filter <text>', 'only where name, id, board, processor or system contains it')
    .action((options: ListOptions) => listDevices(openSession(terminal), options))
  add('show <device>', 'one device with its facts').action((device, options) =>
    showDevice(openSession(terminal), device, options),
  )
  add('approve <fingerprint>', 'let a waiting device in').action((fingerprint, options) =>
    approve(openSession(terminal), fingerprint, options),
  )
  add('refuse <fingerprint>', 'turn a waiting device away').action((fingerprint, options) =>
    refuse(openSession(terminal), fingerprint, options),
  )
  add('rename <device> <name>', 'give a device another name').action((device, name, options) =>
    rename(openSession(terminal), device, name, options),
  )
  add('label <device> [labels...]', 'add labels as name=value, or take them away as name=').action(
    (device, labels, options) => labelDevice(openSession(terminal), device, labels, options),
  )
  add('restart <device>', 'start its engine anew').action((device, options) =>
    restart(openSession(terminal), device, options),
  )
  add('revoke <device>', 'shut a device out for good')
    .option('--yes', 'do not ask')
    .action((device, options) => revoke(openSession(terminal), device, options, terminal.confirm))
  return devices
}
