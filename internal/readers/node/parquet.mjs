// Prints a Parquet file as JSON: its columns, metadata and rows.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet'

const bytes = readFileSync(process.argv[2])
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
const metadata = parquetMetadata(file)
const plain = (v) => {
  if (v === undefined) return null
  if (typeof v === 'bigint') return v.toString()
  if (v instanceof Date) return Number.isNaN(v.getTime()) ? 'no date' : v.toISOString()
  return v
}
const rows = await parquetReadObjects({ file, metadata, compressors: { GZIP: (b) => new Uint8Array(gunzipSync(b)) } })
process.stdout.write(JSON.stringify({
  columns: parquetSchema(metadata).children.map(({ element: e }) => ({
    name: e.name, type: e.type, logical: e.logical_type?.type ?? '', repetition: e.repetition_type,
  })),
  metadata: Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value])),
  groups: metadata.row_groups.length,
  program: metadata.created_by,
  rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, v]) => [name, plain(v)]))),
}))
