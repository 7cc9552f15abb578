import { PageTitle, Panel } from '../../../ui/section'

const cards = Array.from({ length: 3 }, (_, i) => i)

const Loading = () => (
  <div aria-busy>
    <PageTitle
      title="Workloads"
      hint="What devices are for. A device follows the one with the highest priority that selects it."
    />
    <div className="grid gap-4">
      {cards.map((card) => (
        <Panel key={card} className="grid h-52 content-start gap-3 p-5">
          <div className="skeleton h-5 w-40" />
          <div className="skeleton h-4 w-72 max-w-full" />
          <div className="skeleton h-4 w-full" />
        </Panel>
      ))}
    </div>
  </div>
)
export default Loading
