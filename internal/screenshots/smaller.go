package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"slices"
)

// A page has few colours and their mixtures at the edges of letters, so 240 of
// them show it well at a third of the size.
const colours = 240

// smaller cuts a picture at a height and keeps its most frequent colours, each
// other one becoming the nearest of them.
func smaller(data []byte, height int) ([]byte, error) {
	whole, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	b := whole.Bounds()
	b.Max.Y = min(b.Max.Y, b.Min.Y+height)
	full := image.NewRGBA(b)
	draw.Draw(full, b, whole, b.Min, draw.Src)
	out := image.NewPaletted(b, frequent(full))
	index := map[color.RGBA]uint8{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := full.RGBAAt(x, y)
			i, ok := index[c]
			if !ok {
				i = uint8(out.Palette.Index(c))
				index[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	var buf bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&buf, out); err != nil {
		return nil, fmt.Errorf("write the picture: %w", err)
	}
	return buf.Bytes(), nil
}

// frequent is a palette of the commonest colours of a picture.
func frequent(p *image.RGBA) color.Palette {
	count := map[color.RGBA]int{}
	b := p.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[p.RGBAAt(x, y)]++
		}
	}
	order := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range order[:min(colours, len(order))] {
		palette = append(palette, c)
	}
	return palette
}
