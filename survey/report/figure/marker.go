package figure

import "math"

// marker is the shape of a dot, so that print without colour tells groups
// apart.
type marker string

const (
	markerCircle   marker = "circle"
	markerSquare   marker = "square"
	markerUp       marker = "triangle"
	markerDown     marker = "triangle down"
	markerDiamond  marker = "diamond"
	triangleRadius        = 1.25 // of a circle that looks as large
)

// draw puts the marker at every point, as large to the eye as a circle of the
// radius.
func (m marker) draw(at []Point, radius float64, p Paint) Mark {
	if m == markerCircle {
		return Dots{At: at, Radius: radius, Paint: p}
	}
	shapes := make([][]Point, len(at))
	for i, c := range at {
		shapes[i] = m.outline(c, radius)
	}
	return Shapes{Outlines: shapes, Paint: p}
}

func (m marker) outline(c Point, r float64) []Point {
	corners, turn := 4, math.Pi/4
	switch m {
	case markerUp:
		corners, turn, r = 3, -math.Pi/2, triangleRadius*r
	case markerDown:
		corners, turn, r = 3, math.Pi/2, triangleRadius*r
	case markerDiamond:
		turn, r = 0, 1.3*r
	case markerSquare:
		r *= 1.25
	case markerCircle: // drawn as a dot, not by its corners
	}
	out := make([]Point, corners)
	for i := range out {
		sin, cos := math.Sincos(turn + 2*math.Pi*float64(i)/float64(corners))
		out[i] = Point{c.X + r*cos, c.Y + r*sin}
	}
	return out
}

// armLook is how the i-th arm looks in every figure of a report.
type armLook struct {
	color  Role
	marker marker
	dashed bool
}

func lookOfArm(i int) armLook {
	looks := []armLook{
		{RoleCourse, markerCircle, false},
		{RoleControl, markerSquare, true},
		{RoleThird, markerUp, false},
		{RoleFourth, markerDiamond, true},
	}
	return looks[i%len(looks)]
}
