import { PageTitle, Panel } from '../../../ui/section'

const lines = Array.from({ length: 12 }, (_, i) => i)

const Loading = () => (
  <div aria-busy>
    <PageTitle title="Devices">
      <div className="skeleton h-9 w-32" />
    </PageTitle>
    <div className="mb-4 grid gap-3">
      <div className="skeleton my-1 h-11 w-96 max-w-full sm:h-8" />
      <div className="skeleton h-11 max-w-6xl sm:h-9" />
      <div className="skeleton h-11 w-32 sm:h-8" />
    </div>
    <Panel>
      <div className="h-10 border-b max-sm:hidden" />
      {lines.map((line) => (
        <div key={line} className="flex h-23 items-center gap-6 border-b px-4 last:border-0 sm:h-14">
          <div className="skeleton h-4 w-40" />
          <div className="skeleton h-4 w-24" />
          <div className="skeleton h-6 w-20 max-sm:hidden" />
          <div className="skeleton h-4 flex-1 max-sm:hidden" />
        </div>
      ))}
    </Panel>
  </div>
)
export default Loading
