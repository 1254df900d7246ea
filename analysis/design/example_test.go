package design_test

import (
	"fmt"
	"math"

	"tidemark/analysis/design"
)

func ExampleBuild() {
	d, err := design.Build("score ~ week * arm + (1 | person)", []design.Column{
		design.Factor("person", []string{"p1", "p1", "p2", "p2", "p3", "p3"}),
		design.Factor("arm", []string{"course", "course", "waitlist", "waitlist", "course", "course"}, "waitlist", "course"),
		design.Numeric("week", []float64{0, 8, 0, 8, 0, 8}),
		design.Numeric("score", []float64{21, 27, 20, math.NaN(), 18, 25}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Names)
	fmt.Println(d.X[2], d.Excluded, "excluded")
	fmt.Println(d.Random[0].Group, d.Random[0].Levels)
	fmt.Println("aliased:", d.Aliased()) // the only wait-list week that is left is 0
	// Output:
	// [(Intercept) week armcourse]
	// [1 1 0 1 1] 1 excluded
	// person [p1 p2 p3]
	// aliased: [week:armcourse]
}

func ExampleDerive() {
	columns := []design.Column{
		design.Numeric("pre", []float64{10, 12}),
		design.Numeric("post", []float64{15, math.NaN()}),
	}
	change, err := design.Derive("change", "post - pre", columns)
	fmt.Println(change.Values, err)
	// Output:
	// [5 NaN] <nil>
}

func ExampleNumeric() {
	c := design.Numeric("minutes", []float64{30, 0, 45})
	fmt.Println(c.Name, c.Len(), c.IsFactor())
	// Output:
	// minutes 3 false
}

func ExampleFactor() {
	// The control is the reference, though it does not come first in the alphabet.
	arm := design.Factor("arm", []string{"course", "wait-list", "course", "wait-list"}, "wait-list", "course")
	d, err := design.Build("y ~ arm", []design.Column{design.Numeric("y", []float64{3, 1, 4, 2}), arm})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Names)
	// Output:
	// [(Intercept) armcourse]
}

func ExampleCoded() {
	arm := design.Coded("arm", []int{1, 0, 1, 0}, []string{"wait-list", "course"})
	d, err := design.Build("y ~ arm", []design.Column{design.Numeric("y", []float64{3, 1, 4, 2}), arm})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Names, d.X[1])
	// Output:
	// [(Intercept) armcourse] [1 0 1 0]
}
