/** A clock that stands still until it is moved. */
export class VirtualClock {
  constructor(private ms = Date.parse('2026-11-24T08:00:00Z')) {}
  now = () => this.ms
  advance(ms: number) {
    this.ms += ms
  }
}
