import type { Clue } from '../device/likely-cause'
import { bytes, celsius, count, percent, span } from './format'

type Words = { likely: string; says: string; toDo: string }
type Of<C extends Clue['code']> = Extract<Clue, { code: C }>

const times = (n: number) => (n === 1 ? 'once' : `${count(n)} times`)

const explainers: { [C in Clue['code']]: (clue: Of<C>) => Words } = {
  undervoltage: ({ now }) => ({
    likely: 'its power supply is too weak',
    says: now
      ? 'Its last report says that its supply was too weak at that moment.'
      : 'Its last report says that its supply was too weak at least once since it booted.',
    toDo: 'Use the supply made for the board, and a short cable.',
  }),
  heat: ({ celsius: last, limitCelsius }) => ({
    likely: 'it became too hot and powered itself off',
    says: `The last it measured was ${celsius(last)}, and from ${celsius(limitCelsius)} on a device may power itself off.`,
    toDo: 'Give it air: a fan, a heat sink, a cooler place.',
  }),
  battery: ({ level }) => ({
    likely: 'its battery ran out',
    says: `It ran on its battery, which had ${percent(level)} left when it last reported.`,
    toDo: 'Charge it.',
  }),
  memory: ({ availableShare }) => ({
    likely: 'its memory ran out',
    says: `${percent(availableShare)} of its memory was available at the last sample.`,
    toDo: 'Restart it; then stop what else runs there, or assign a smaller context or a smaller variant.',
  }),
  engine: ({ agoMs }) => ({
    likely: 'it went down with its engine',
    says: `Its engine crashed ${span(agoMs)} before.`,
    toDo: 'Restart it, then read its log; a smaller context or variant needs less memory.',
  }),
  disk: ({ freeBytes }) => ({
    likely: 'its disk was full',
    says: `${bytes(freeBytes)} of its disk was free at the last sample.`,
    toDo: 'Make room on its disk.',
  }),
  together: ({ devices }) => ({
    likely: 'power or network failed where it stands',
    says: `${count(devices)} other ${devices === 1 ? 'device was' : 'devices were'} lost within a minute of it.`,
    toDo: 'Look at what they share: a socket, a switch, an access point, a line.',
  }),
  flapping: ({ times: n }) => ({
    likely: 'its network or its power does not hold',
    says: `Contact with it ended ${times(n)} in the hour before.`,
    toDo: 'Look at its radio link, its cable and its supply.',
  }),
  routine: ({ times: n }) => ({
    likely: 'it is switched off at this time of the day',
    says: `On ${count(n)} days before it left at about the same time.`,
    toDo: 'Look for a timer, or for who turns off the room. If it is meant to be so, nothing needs to be done.',
  }),
  radio: ({ signalDbm }) => ({
    likely: 'its radio link is too weak',
    says: `Its radio link had ${signalDbm} dBm when it last reported: -50 is good, -80 is poor.`,
    toDo: 'Move it or its access point, or use a cable.',
  }),
}

/** What a clue means: the likely cause, after "most likely", the number it rests on, and what to do. */
export const explainClue = (clue: Clue): Words => (explainers[clue.code] as (clue: Clue) => Words)(clue)
