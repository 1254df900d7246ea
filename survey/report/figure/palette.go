package figure

import "image/color"

// Role names a colour by what it means in a figure. The colours are those of
// the site's palette.
type Role string

const (
	RoleInk      Role = "ink"      // headings, the mean line
	RoleSoft     Role = "soft"     // axis numbers and remarks
	RoleGrid     Role = "grid"     // grid lines
	RoleSurface  Role = "surface"  // the page behind the figure
	RoleUp       Role = "up"       // a person whose score rose
	RoleDown     Role = "down"     // a person whose score fell
	RoleSame     Role = "same"     // a person whose score stayed
	RolePre      Role = "pre"      // scores of the first survey
	RolePost     Role = "post"     // scores of the second survey
	RolePreDark  Role = "pre-dark" // the first mean, over its scores
	RolePostDark Role = "post-dark"
	RoleCourse   Role = "course"  // the course arm
	RoleControl  Role = "control" // the control arm
	RoleThird    Role = "third"   // a third arm
	RoleFourth   Role = "fourth"  // a fourth arm
	RoleBetter   Role = "better"  // reliably better
	RoleNeutral  Role = "neutral" // no reliable change
	RoleWorse    Role = "worse"   // reliably worse
	RoleEmpty    Role = "empty"   // a place without data
	RoleBand     Role = "band"    // a range of values behind the data
)

// Valid reports whether r is a known role.
func (r Role) Valid() bool { return r.Color().A != 0 }

// Color is the colour of the role, transparent for an unknown role.
// Every colour that carries white text has a contrast of at least 4.5 to 1,
// every colour that carries data one of at least 2.9 to 1 on white.
func (r Role) Color() color.NRGBA {
	rgb := func(v uint32) color.NRGBA {
		return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
	}
	switch r {
	case RoleInk:
		return rgb(0x1d2b2f)
	case RoleSoft:
		return rgb(0x53646a)
	case RoleGrid:
		return rgb(0xe9e2d6)
	case RoleSurface:
		return rgb(0xffffff)
	case RoleUp, RolePost, RoleCourse:
		return rgb(0x0f6b6f)
	case RoleDown, RoleControl:
		return rgb(0xb4532a)
	case RoleThird:
		return rgb(0x5b3f8c)
	case RoleFourth:
		return rgb(0x9a6d00)
	case RoleSame:
		return rgb(0x8b9799)
	case RolePre:
		return rgb(0x8a7a63)
	case RolePreDark:
		return rgb(0x574b39)
	case RolePostDark:
		return rgb(0x0a4f53)
	case RoleBetter:
		return rgb(0x2c6e3f)
	case RoleNeutral:
		return rgb(0x66757a)
	case RoleWorse:
		return rgb(0xa3262a)
	case RoleBand:
		return rgb(0xe4e9e8)
	case RoleEmpty:
		return rgb(0xf1ebe0)
	}
	return color.NRGBA{}
}
