import { PageTitle, Panel } from '../../../ui/section'

const choices = Array.from({ length: 4 }, (_, i) => i)

const Loading = () => (
  <div aria-busy>
    <PageTitle
      title="Assign"
      hint="Say what devices are for. Before anything is sent you see who gets what, who cannot, and what it costs."
    />
    <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]">
      <div className="grid gap-8">
        <div className="grid gap-2 pt-11 sm:grid-cols-2">
          {choices.map((one) => (
            <div key={one} className="skeleton h-16" />
          ))}
        </div>
        <div className="skeleton h-9 w-full max-w-md" />
        <div className="skeleton h-40 w-full" />
      </div>
      <div className="pt-11">
        <Panel className="min-h-80 p-5">
          <div className="skeleton h-10 w-40" />
        </Panel>
      </div>
    </div>
  </div>
)
export default Loading
