package client_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"tidemark/survey/client"
)

// The scores after the course, with what each person's group was.
func Example() {
	ctx := context.Background()
	c, err := client.New("https://study.example.org", os.Getenv("TIDEMARK_TOKEN"))
	if err != nil {
		log.Fatal(err)
	}
	arms := map[string]string{}
	for person, err := range c.Enrolments(ctx, "setbacks") {
		if err != nil {
			log.Fatal(err)
		}
		arms[person.Participant] = person.Arm
	}
	for score, err := range c.Scores(ctx, "setbacks", client.Filter{Wave: "post"}) {
		if err != nil {
			log.Fatal(err)
		}
		if score.Value != nil { // missing is no number
			fmt.Println(score.Participant, arms[score.Participant], score.Scale, *score.Value)
		}
	}
}
