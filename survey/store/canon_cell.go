package store

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"
)

// cell is one value of a row on its way into the canonical export. What it holds is
// good until the next row is read.
type cell struct {
	kind  canonKind
	null  bool
	int   int64
	float float64
	bytes []byte // text and bytes
}

// Scan reads what the drivers give.
func (c *cell) Scan(v any) error {
	c.null = false
	switch x := v.(type) {
	case nil:
		c.null = true
	case int64:
		c.int, c.float = x, float64(x)
	case float64:
		c.float = x
	case bool:
		c.int = 0
		if x {
			c.int = 1
		}
	case time.Time:
		c.int = x.UnixMilli()
	case string:
		c.bytes = append(c.bytes[:0], x...)
	case []byte:
		c.bytes = append(c.bytes[:0], x...)
	default:
		return fmt.Errorf("a value cannot be read from %T", v)
	}
	return nil
}

// decode reads the binary forms of PostgreSQL.
func (c *cell) decode(oid uint32, format int16, value []byte) bool {
	c.null = value == nil
	if c.null {
		return true
	}
	if oid == pgtype.TextOID {
		c.bytes = value // both formats of text are the same
		return true
	}
	if format != pgtype.BinaryFormatCode {
		return false
	}
	switch {
	case oid == pgtype.Int4OID && len(value) == 4:
		c.int = int64(int32(binary.BigEndian.Uint32(value)))
	case oid == pgtype.Int8OID && len(value) == 8:
		c.int = int64(binary.BigEndian.Uint64(value))
	case oid == pgtype.BoolOID && len(value) == 1:
		c.int = int64(value[0])
	case oid == pgtype.Float8OID && len(value) == 8:
		c.float = math.Float64frombits(binary.BigEndian.Uint64(value))
	case oid == pgtype.ByteaOID:
		c.bytes = value
	case oid == pgtype.TimestamptzOID && len(value) == 8:
		microseconds := int64(binary.BigEndian.Uint64(value))
		if microseconds == math.MaxInt64 || microseconds == math.MinInt64 {
			return false // infinity
		}
		c.int = floorDiv(microseconds, 1000) + postgresEpoch
	default:
		return false
	}
	return true
}

// floorDiv rounds down, also before the year 2000: an instant with microseconds must
// give the millisecond that time.UnixMilli gives.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// append writes the value as JSON.
func (c *cell) append(to []byte) []byte {
	if c.null {
		return append(to, "null"...)
	}
	switch c.kind {
	case canonInt:
		return strconv.AppendInt(to, c.int, 10)
	case canonFloat:
		// SQLite keeps no sign of zero.
		return strconv.AppendFloat(to, c.float+0, 'g', -1, 64)
	case canonBytes:
		to = append(to, '"')
		to = base64.StdEncoding.AppendEncode(to, c.bytes)
		return append(to, '"')
	default:
		return appendText(to, c.bytes)
	}
}

// appendText writes text as JSON, in one of the many ways of doing so. What is no
// text at all, which SQLite keeps and PostgreSQL does not, is marked and kept.
func appendText(to, text []byte) []byte {
	if !utf8.Valid(text) {
		to = append(to, `{"bytes":"`...)
		to = base64.StdEncoding.AppendEncode(to, text)
		return append(to, `"}`...)
	}
	const hex = "0123456789abcdef"
	to = append(to, '"')
	from := 0
	for i, b := range text {
		if b >= ' ' && b != '"' && b != '\\' {
			continue
		}
		to = append(to, text[from:i]...)
		from = i + 1
		if b < ' ' {
			to = append(to, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
		} else {
			to = append(to, '\\', b)
		}
	}
	return append(append(to, text[from:]...), '"')
}
