package export

// AppendText lets tests see a text as it is written into CSV.
var AppendText = appendText
