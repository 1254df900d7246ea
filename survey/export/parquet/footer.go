package parquet

import "tidemark/survey/export/dataset"

// group is a group of rows that was written.
type group struct {
	rows   int
	chunks []chunk
}

// footer describes the file, after the last group.
func (w *Writer) footer() []byte {
	t := &thrift{}
	t.element(func() {
		t.int32(1, 1)
		t.list(2, thriftStruct, len(w.columns)+1)
		t.element(func() {
			t.text(4, w.name)
			t.int32(5, len(w.columns))
		})
		for i := range w.columns {
			t.element(func() { w.columns[i].schema(t) })
		}
		t.int64(3, w.rows)
		t.list(4, thriftStruct, len(w.groups))
		for _, g := range w.groups {
			t.element(func() { w.group(t, g) })
		}
		t.list(5, thriftStruct, 1)
		t.element(func() {
			t.text(1, MetadataKey)
			t.text(2, w.description)
		})
		t.text(6, w.program)
	})
	return t.b
}

// schema says what a column holds, in the words of old readers and of new ones.
func (c *column) schema(t *thrift) {
	t.int32(1, c.physical())
	t.int32(3, optional)
	t.text(4, c.name)
	nothing := func() {}
	switch c.kind {
	case dataset.Text:
		t.int32(6, convertedUTF8)
		t.within(10, func() { t.within(1, nothing) })
	case dataset.Day:
		t.int32(6, convertedDate)
		t.within(10, func() { t.within(6, nothing) })
	case dataset.Instant:
		t.int32(6, convertedMilli)
		t.within(10, func() {
			t.within(8, func() {
				t.field(1, thriftTrue) // in UTC
				t.within(2, func() { t.within(1, nothing) })
			})
		})
	case dataset.Number: // the type says it all
	}
}

func (w *Writer) group(t *thrift, g group) {
	var whole, packed int64
	t.list(1, thriftStruct, len(g.chunks))
	for i, c := range g.chunks {
		whole, packed = whole+c.whole, packed+c.packedWhole
		t.element(func() {
			t.int64(2, c.offset)
			t.within(3, func() { w.columns[i].chunk(t, c) })
		})
	}
	t.int64(2, whole)
	t.int64(3, int64(g.rows))
	t.int64(5, g.chunks[0].offset)
	t.int64(6, packed)
}

func (c *column) chunk(t *thrift, at chunk) {
	t.int32(1, c.physical())
	t.list(2, thriftInt32, 2)
	t.b = append(t.b, encodingPlain<<1, encodingRLE<<1) // zigzag
	t.list(3, thriftBinary, 1)
	t.binary(c.name)
	t.int32(4, codecGzip)
	t.int64(5, int64(at.values))
	t.int64(6, at.whole)
	t.int64(7, at.packedWhole)
	t.int64(9, at.offset)
	t.within(12, func() { t.int64(3, int64(at.nulls)) })
}
