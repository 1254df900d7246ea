package figure_test

import (
	"fmt"
	"strings"

	"tidemark/survey/report/figure"
)

func Example() {
	f := figure.Raincloud{
		ID: "self-compassion", Title: "Everyone’s change",
		Pre:  []float64{2.1, 2.5, 3.0, 3.4, 1.9},
		Post: []float64{2.9, 2.5, 3.6, 3.3, 2.6},
		Min:  1, Max: 5,
		MeanPre:  figure.Estimate{Value: 2.58, Low: 1.82, High: 3.34},
		MeanPost: figure.Estimate{Value: 2.98, Low: 2.39, High: 3.57},
	}
	svg := figure.SVG(f.Draw(figure.SizeCompact))
	fmt.Println(strings.Contains(svg, `role="img"`))
	fmt.Println(f.Alt())
	// Output:
	// true
	// 5 people on a scale from 1 to 5: mean 2.58 (95% interval 1.82 to 3.34) at Pre and 2.98 (95% interval 2.39 to 3.57) at Post; 3 rose, 1 fell, 1 did not change.
}
