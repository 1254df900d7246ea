package instrument_test

import (
	"fmt"

	"tidemark/survey/instrument"
)

func ExampleDefinition_Score() {
	d, err := instrument.BuiltinByKey("resilience")
	if err != nil {
		fmt.Println(err)
		return
	}
	// The fourth question was skipped. The second and sixth are reversed.
	answers := instrument.Numbers{"rs_01": 4, "rs_02": 2, "rs_03": 5, "rs_05": 4, "rs_06": 1}
	if err := d.Check(answers.Answers()); err != nil {
		fmt.Println(err)
		return
	}
	for _, score := range d.Score(answers) {
		fmt.Printf("%s %.2f from %d of %d items, %s\n", score.Scale, score.Value, score.Answered, score.Items, score.Rule)
	}
	// Output:
	// rs_total 4.40 from 5 of 6 items, person-mean/min5of6/v1
}

func ExampleDefinition_Check() {
	d, err := instrument.BuiltinByKey("resilience")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Check(instrument.Numbers{"rs_01": 6, "rs_99": 1}.Answers()))
	// Output:
	// answers refused: "rs_01": answer.not_an_option, "rs_99": answer.unknown_item
}

func ExampleParse() {
	_, err := instrument.Parse([]byte(`{
		"key": "mood", "version": "1", "title": "Mood", "heading": "How are you?", "intro": "Choose one.",
		"language": "en", "status": "draft", "terms": "free", "citation": "none", "minutes": 1, "page_size": 5,
		"options": [{"value": 0, "label": "Bad"}, {"value": 1, "label": "Good"}],
		"items": [{"code": "mood_1", "text": "Today"}, {"code": "mood_1", "text": "Yesterday"}]
	}`))
	fmt.Println(err)
	// Output:
	// 2 faults in the definition:
	//   version: "1" must be three numbers such as 1.0.0
	//   items[1].code: "mood_1" is already used at items[0].code
}
