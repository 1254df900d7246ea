package course_test

// published are the hashes of all versions that ever came with the program. Lines
// are added, never changed.
var published = map[string]string{
	"learning_from_setbacks_8 1.0.0":  "09100bf40c67fe64e54d6ab1d573b6d14028f4634cb418fc0f6f02117f8b5252",
	"learning_from_setbacks_8 1.1.0":  "f0ef61a7b91bc26f3758735189c644f23810ab3434fff5d445f1491650eb1d7f",
	"learning_from_setbacks_8 1.2.0":  "41b17f741f9bfc20f73e061c19451ff48ec3ac9ba12ffcfd3a690c74ef47b244",
	"learning_from_setbacks_10 1.0.0": "b6e5b57ab74d4db66caf1425fb576ef6a385c6c75e767e7ce19f9555e88afdda",
}
