import { PageTitle, Panel } from '../../../ui/section'

const bundles = [3, 2, 4]

const Loading = () => (
  <div aria-busy>
    <PageTitle title="Problems" hint="What is wrong, the most urgent first; causes stand before what they cause." />
    <div className="mb-6 flex flex-wrap justify-between gap-3">
      <div className="skeleton h-8 w-96 max-w-full" />
      <div className="skeleton h-9 w-72 max-w-full" />
    </div>
    <div className="grid gap-6">
      {bundles.map((rows) => (
        <Panel key={rows}>
          <div className="grid gap-2 border-b px-4 py-3">
            <div className="skeleton h-5 w-40" />
            <div className="skeleton h-4 w-2/3" />
          </div>
          {Array.from({ length: rows }, (_, i) => i).map((row) => (
            <div key={row} className="flex h-12 items-center gap-6 border-b px-4 last:border-0">
              <div className="skeleton h-4 w-40" />
              <div className="skeleton h-4 flex-1 max-sm:hidden" />
            </div>
          ))}
        </Panel>
      ))}
    </div>
  </div>
)
export default Loading
