import { roles } from '@tradewind/store/model'
import { Check, Minus } from 'lucide-react'
import { deeds, may } from '../people/permission'
import { Panel, Section } from '../ui/section'
import { deedNames, roleMeanings, roleNames } from '../words/name-deed'

/** Who may do what, from the table by which the API decides. */
export const RoleTable = () => (
  <Section title="Who may do what">
    <Panel className="overflow-x-auto">
      <table className="w-full text-left">
        <thead>
          <tr className="border-b bg-raised">
            <th scope="col" className="px-5 py-2.5 font-semibold max-sm:px-3">
              <span className="sr-only">Deed</span>
            </th>
            {roles.map((role) => (
              <th
                key={role}
                scope="col"
                className="w-28 px-3 py-2.5 text-center font-semibold max-sm:w-16 max-sm:px-1"
                title={roleMeanings[role]}
              >
                {roleNames[role]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {deeds.map((deed) => (
            <tr key={deed} className="border-b last:border-0">
              <th scope="row" className="px-5 py-2 font-normal max-sm:px-3">
                {deedNames[deed]}
              </th>
              {roles.map((role) => (
                <td key={role} className="px-3 py-2 text-center">
                  {may(role, deed) ? (
                    <Check className="mx-auto size-4 text-good" aria-label="Yes" />
                  ) : (
                    <Minus className="mx-auto size-4 text-faint" aria-label="No" />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  </Section>
)
