package dist_test

import (
	"fmt"

	"tidemark/analysis/dist"
)

func ExampleNormalCDF() {
	fmt.Printf("%.4f %.4g\n", dist.NormalCDF(1.96), dist.NormalCDF(-38))
	// Output:
	// 0.9750 2.885e-316
}

func ExampleNormalDensity() {
	fmt.Printf("%.4f\n", dist.NormalDensity(0))
	// Output:
	// 0.3989
}

func ExampleNormalTwoSided() {
	fmt.Printf("%.4f\n", dist.NormalTwoSided(1.96))
	// Output:
	// 0.0500
}

func ExampleNormalQuantile() {
	fmt.Printf("%.4f\n", dist.NormalQuantile(0.975))
	// Output:
	// 1.9600
}

func ExampleNormalCritical() {
	fmt.Printf("%.4f\n", dist.NormalCritical(0.95))
	// Output:
	// 1.9600
}

func ExampleChiSquareTail() {
	fmt.Printf("%.4f\n", dist.ChiSquareTail(3.841, 1))
	// Output:
	// 0.0500
}

func ExampleNoncentralChiSquare() {
	lower, upper := dist.NoncentralChiSquare(10, 4, 3)
	fmt.Printf("%.4f %.4f\n", lower, upper)
	// Output:
	// 0.7838 0.2162
}

func ExampleChiSquareNoncentrality() {
	// The ends of a 90 % interval of the noncentrality after χ²(4) = 10.
	fmt.Printf("%.3f to %.3f\n", dist.ChiSquareNoncentrality(10, 4, 0.95), dist.ChiSquareNoncentrality(10, 4, 0.05))
	// Output:
	// 0.219 to 19.373
}

func ExampleStudentTail() {
	fmt.Printf("%.5f %.3g\n", dist.StudentTail(4.74, 9), dist.StudentTail(500, 30))
	// Output:
	// 0.00053 1.11e-60
}

func ExampleStudentTwoSided() {
	fmt.Printf("%.4f\n", dist.StudentTwoSided(2.262, 9))
	// Output:
	// 0.0500
}

func ExampleStudentQuantile() {
	fmt.Printf("%.4f\n", dist.StudentQuantile(0.95, 9))
	// Output:
	// 1.8331
}

func ExampleStudentCritical() {
	fmt.Printf("%.4f\n", dist.StudentCritical(0.95, 9))
	// Output:
	// 2.2622
}

func ExampleNoncentralT() {
	// The power of a two-sided test of 34 pairs at dz = 0.5.
	critical := dist.StudentCritical(0.95, 33)
	ncp := 2.915476 // 0.5·√34
	_, upper := dist.NoncentralT(critical, 33, ncp)
	lower, _ := dist.NoncentralT(-critical, 33, ncp)
	fmt.Printf("%.3f\n", upper+lower)
	// Output:
	// 0.808
}

func ExampleNoncentralTQuantile() {
	fmt.Printf("%.4f\n", dist.NoncentralTQuantile(0.975, 20, 1))
	// Output:
	// 3.2299
}

func ExampleNoncentrality() {
	// The ends of a 95 % interval of the noncentrality after t(9) = 4.74.
	fmt.Printf("%.3f to %.3f\n", dist.Noncentrality(4.74, 9, 0.975), dist.Noncentrality(4.74, 9, 0.025))
	// Output:
	// 1.770 to 7.596
}

func ExampleFisherTails() {
	_, upper := dist.FisherTails(4.26, 2, 9)
	fmt.Printf("%.4f\n", upper)
	// Output:
	// 0.0499
}

func ExampleFisherQuantile() {
	fmt.Printf("%.4f\n", dist.FisherQuantile(0.95, 2, 9))
	// Output:
	// 4.2565
}

func ExampleBetaTails() {
	lower, upper := dist.BetaTails(0.3, 0.7, 2, 5)
	fmt.Printf("%.4f %.4f\n", lower, upper)
	// Output:
	// 0.5798 0.4202
}

func ExampleBetaQuantile() {
	// The upper end of an exact 95 % interval after 0 of 20.
	x, _ := dist.BetaQuantile(0.975, 1, 20)
	fmt.Printf("%.4f\n", x)
	// Output:
	// 0.1684
}

func ExampleStirlingError() {
	fmt.Printf("%.6f\n", dist.StirlingError(10))
	// Output:
	// 0.008331
}

func ExampleProductTails() {
	_, upper := dist.ProductTails(6, 2, 3)
	fmt.Printf("%.4f\n", upper)
	// Output:
	// 0.4517
}

func ExampleProductQuantile() {
	fmt.Printf("%.4f %.4f\n", dist.ProductQuantile(0.025, 2, 3), dist.ProductQuantile(0.975, 2, 3))
	// Output:
	// 0.0381 14.5008
}
