import { quiet, type Story } from '../story'

/** A new version of a workload asks for another build; the first device that tries it fails its test. */
export const badCanary: Story = {
  about: 'a rollout has paused at its first device: the new build did not say what it should in its test',
  devices: (fleet) => fleet.filter(({ labels, kind }) => labels.role === 'line' && !kind.sleeps).slice(0, 40),
  plot: () => quiet,
}
