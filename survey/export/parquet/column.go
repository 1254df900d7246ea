package parquet

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"math"

	"tidemark/survey/export/dataset"
)

// What the format calls its types, encodings and compression.
const (
	typeInt32     = 1
	typeInt64     = 2
	typeDouble    = 5
	typeByteArray = 6

	optional       = 1
	encodingPlain  = 0
	encodingRLE    = 3
	codecGzip      = 2
	pageOfData     = 0
	convertedUTF8  = 0
	convertedDate  = 6
	convertedMilli = 9
)

// column gathers the values of a group of rows.
type column struct {
	name   string
	kind   dataset.Kind
	there  []bool // by row, whether there is a value
	values []byte // those that there are
	nulls  int
}

func (c *column) physical() int {
	switch c.kind {
	case dataset.Text:
		return typeByteArray
	case dataset.Day:
		return typeInt32
	case dataset.Instant:
		return typeInt64
	default:
		return typeDouble
	}
}

// null adds a row without a value.
func (c *column) null() {
	c.there = append(c.there, false)
	c.nulls++
}

func (c *column) text(s string) {
	c.there = append(c.there, true)
	c.values = binary.LittleEndian.AppendUint32(c.values, uint32(len(s)))
	c.values = append(c.values, s...)
}

func (c *column) add(v dataset.Cell) {
	if !v.Given() {
		c.null()
		return
	}
	switch c.kind {
	case dataset.Text:
		c.text(v.Text())
		return
	case dataset.Day: // seconds: a duration spans 292 years at most
		seconds := v.Time().Unix()
		day := seconds / (24 * 60 * 60)
		if seconds%(24*60*60) < 0 {
			day--
		}
		c.values = binary.LittleEndian.AppendUint32(c.values, uint32(int32(day)))
	case dataset.Instant:
		c.values = binary.LittleEndian.AppendUint64(c.values, uint64(v.Time().UnixMilli()))
	default:
		c.values = binary.LittleEndian.AppendUint64(c.values, math.Float64bits(v.Number()))
	}
	c.there = append(c.there, true)
}

// levels say which rows have a value: one run, of one value or of a bit each.
func (c *column) levels() []byte {
	if c.nulls == 0 || c.nulls == len(c.there) {
		run := binary.AppendUvarint(nil, uint64(len(c.there))<<1)
		if c.nulls == 0 {
			return append(run, 1)
		}
		return append(run, 0)
	}
	groups := (len(c.there) + 7) / 8
	run := binary.AppendUvarint(nil, uint64(groups)<<1|1)
	bits := make([]byte, groups)
	for i, there := range c.there {
		if there {
			bits[i/8] |= 1 << (i % 8)
		}
	}
	return append(run, bits...)
}

// chunk is where the values of a column are in a group of rows.
type chunk struct {
	offset             int64
	values, nulls      int
	whole, packedWhole int64 // bytes, with the head of the page
}

// page makes the page of the rows gathered so far, and forgets them.
func (c *column) page() ([]byte, chunk, error) {
	levels := c.levels()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	size := 4 + len(levels) + len(c.values)
	for _, part := range [][]byte{binary.LittleEndian.AppendUint32(nil, uint32(len(levels))), levels, c.values} {
		if _, err := z.Write(part); err != nil {
			return nil, chunk{}, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, chunk{}, err
	}
	var head thrift
	head.element(func() {
		head.int32(1, pageOfData)
		head.int32(2, size)
		head.int32(3, packed.Len())
		head.within(5, func() {
			head.int32(1, len(c.there))
			head.int32(2, encodingPlain)
			head.int32(3, encodingRLE)
			head.int32(4, encodingRLE)
		})
	})
	about := chunk{
		values: len(c.there), nulls: c.nulls,
		whole: int64(len(head.b) + size), packedWhole: int64(len(head.b) + packed.Len()),
	}
	c.there, c.values, c.nulls = c.there[:0], c.values[:0], 0
	return append(head.b, packed.Bytes()...), about, nil
}
