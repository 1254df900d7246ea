package store

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm/schema"
)

func TestRowsHaveTheColumnsOfTheirTables(t *testing.T) {
	t.Parallel()
	s, _ := openCounting(t)
	for table, row := range map[string]any{
		"study": &studyRow{}, "arm": &armRow{}, "wave": &waveRow{}, "wave_set": &waveSetRow{},
		"instrument_version": &instrumentVersionRow{}, "course_run": &courseRunRow{},
		"personal_link": &personalLinkRow{}, "user_account": &userAccountRow{},
		"role_grant": &roleGrantRow{}, "sign_in": &signInRow{}, "staff_link": &staffLinkRow{}, "audit_event": &auditEventRow{},
	} {
		parsed, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		if err := s.db.Raw("SELECT name FROM pragma_table_info(?)", table).Scan(&columns).Error; err != nil {
			t.Fatal(err)
		}
		slices.Sort(columns)
		fields := slices.Sorted(slices.Values(parsed.DBNames))
		if diff := cmp.Diff(fields, columns); diff != "" {
			t.Errorf("%s: fields of the row (-), columns of the table (+):\n%s", table, diff)
		}
		for _, f := range parsed.Fields {
			if f.AutoCreateTime != 0 || f.AutoUpdateTime != 0 || f.AutoIncrement || f.HasDefaultValue {
				t.Errorf("%s.%s would be filled in by GORM", table, f.DBName)
			}
		}
		if n := len(parsed.Relationships.Relations); n != 0 {
			t.Errorf("%s has %d associations", table, n)
		}
	}
}
