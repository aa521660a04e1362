// Reads cases (JSON, a list) from the file that is named, and prints what iam-simulate decides of each.
import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const decided = []
for (const one of cases) {
  const answer = await runSimulation(
    {
      request: {
        principal: one.principal,
        action: one.action,
        resource: { resource: one.resource, accountId: one.resource.split(':')[4] },
        contextVariables: one.context,
      },
      identityPolicies: one.identity.map((policy, at) => ({ name: `identity${at}`, policy })),
      serviceControlPolicies: [
        { orgIdentifier: 'o-1234567890', policies: [{ name: 'all', policy: everything }] },
      ],
      resourceControlPolicies: [],
      resourcePolicy: one.resource_policy ?? undefined,
      permissionBoundaryPolicies: one.boundary
        ? [{ name: 'boundary', policy: one.boundary }]
        : undefined,
      sessionPolicy: one.session ?? undefined,
    },
    {},
  )
  decided.push(answer.resultType === 'error' ? { error: answer.errors } : answer.overallResult)
}
console.log(JSON.stringify(decided))
