import type { Metadata } from 'next'
import { EnrolDoor } from '../../enrol/enrol-door'

export const metadata: Metadata = { title: 'Let a device in', robots: { index: false } }

/** For the phone that scanned a token: nobody need be signed in, because nothing of the hub is shown. */
const Enrol = () => <EnrolDoor />
export default Enrol
