"""Reads {{.Title}}{{if .Simulated}} (simulated people){{end}} with pandas.

    wide = read_wide()          # from the folder with manifest.json
    words = in_words(wide)      # labels in place of values
"""
from pathlib import Path

import pandas as pd

LABELS = {
{{- range .Wide}}
    {{quote .Name}}: {{quote .Label}},
{{- end}}
}
VALUES = {
{{- range .Wide}}{{if .Labels}}
    {{quote .Name}}: { {{- range $i, $l := .Labels}}{{if $i}}, {{end}}{{$l.Value}}: {{quote $l.Text}}{{end -}} },
{{- else if .Categories}}
    {{quote .Name}}: { {{- range $i, $c := .Categories}}{{if $i}}, {{end}}{{quote $c.Value}}: {{quote $c.Text}}{{end -}} },
{{- end}}{{end}}
}
TIMES = [{{range $i, $v := .Times}}{{if $i}}, {{end}}{{quote $v}}{{end}}]


def read_table(name, folder="."):
    path = Path(folder) / "data" / f"table-{name}_data.csv"
    data = pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values=[""])
    for column in data.select_dtypes("object"):
        # A text that a spreadsheet would have computed begins with an apostrophe.
        data[column] = data[column].str.replace(r"^'(?=[=+@\t\r-])", "", regex=True)
    return data


def read_wide(folder="."):
    data = read_table("wide", folder)
    for column in TIMES:
        # Days before 1677 are beyond pandas and become missing here, not in the file.
        data[column] = pd.to_datetime(data[column], utc=True, errors="coerce")
    data.attrs["labels"] = LABELS
    return data


def in_words(data):
    words = data.copy()
    for column, values in VALUES.items():
        if column in words:
            words[column] = words[column].map(values).astype("category")
    return words
