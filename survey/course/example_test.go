package course_test

import (
	"fmt"

	"tidemark/survey/course"
)

func ExampleBuiltinByKey() {
	c, err := course.BuiltinByKey("learning_from_setbacks_8")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, meeting := range c.Weeks {
		fmt.Printf("%d. %s (%d min a day: %s)\n", meeting.Number, meeting.Title, meeting.Practice.Minutes, meeting.Practice.Title)
	}
	// Output:
	// 1. What self-compassion is, and what it is not (5 min a day: Catch the tone)
	// 2. Noticing feelings without judging them (5 min a day: Name it, let it be)
	// 3. Others fail too (3 min a day: Everyone on the bus)
	// 4. Small acts of kindness to oneself (10 min a day: One kind thing a day)
	// 5. Own words for hard moments (5 min a day: My words)
	// 6. What a failure can teach (15 min a day: Three questions)
	// 7. Opening up, and finding help (15 min a day: Tell one person)
	// 8. Going on (15 min a day: My plan for the next setback)
}

func ExampleParse() {
	_, err := course.Parse([]byte(`{
		"key": "taster", "version": "1.0.0", "title": "A first taste", "summary": "One evening.",
		"notice": "Not a treatment.", "language": "en", "meeting_minutes": 60,
		"weeks": [{"number": 1, "title": "Hello", "aim": "Meet.", "plan": [{"title": "Talk", "minutes": 50}],
			"practice": {"title": "Rest", "text": "", "minutes": 5}, "reflection": "How was it?", "facilitator_note": "Be kind."}]
	}`))
	fmt.Println(err)
	// Output:
	// 2 faults in the definition:
	//   weeks[0].plan: adds up to 50 minutes; a meeting of this course has 60
	//   weeks[0].practice.text: is missing or empty
}
