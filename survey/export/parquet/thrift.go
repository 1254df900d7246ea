package parquet

import "encoding/binary"

// The types of Thrift's compact protocol that Parquet's descriptions need
// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
const (
	thriftTrue   = 1
	thriftInt32  = 5
	thriftInt64  = 6
	thriftBinary = 8
	thriftList   = 9
	thriftStruct = 12
)

// thrift appends values in the compact protocol.
type thrift struct {
	b    []byte
	last []int16 // by open struct: the number of the field before
}

// begin opens a struct; end closes it.
func (t *thrift) begin() { t.last = append(t.last, 0) }

func (t *thrift) end() {
	t.b = append(t.b, 0)
	t.last = t.last[:len(t.last)-1]
}

// field is the head of a field, whose number is above that of the one before.
func (t *thrift) field(number int16, kind byte) {
	top := len(t.last) - 1
	t.b = append(t.b, byte(number-t.last[top])<<4|kind)
	t.last[top] = number
}

func (t *thrift) int32(number int16, v int) {
	t.field(number, thriftInt32)
	t.b = binary.AppendVarint(t.b, int64(v)) // zigzag, as the protocol has it
}

func (t *thrift) int64(number int16, v int64) {
	t.field(number, thriftInt64)
	t.b = binary.AppendVarint(t.b, v)
}

func (t *thrift) text(number int16, s string) {
	t.field(number, thriftBinary)
	t.binary(s)
}

func (t *thrift) binary(s string) {
	t.b = binary.AppendUvarint(t.b, uint64(len(s)))
	t.b = append(t.b, s...)
}

// list is the head of a list of n elements, which follow without heads.
func (t *thrift) list(number int16, kind byte, n int) {
	t.field(number, thriftList)
	if n < 15 {
		t.b = append(t.b, byte(n)<<4|kind)
		return
	}
	t.b = binary.AppendUvarint(append(t.b, 0xf0|kind), uint64(n))
}

// within writes a struct as a field.
func (t *thrift) within(number int16, write func()) {
	t.field(number, thriftStruct)
	t.element(write)
}

// element writes a struct of a list.
func (t *thrift) element(write func()) {
	t.begin()
	write()
	t.end()
}
