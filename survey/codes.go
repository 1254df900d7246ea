package survey

import "context"

// codeAlphabet leaves out letters and digits that look or sound alike.
const codeAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

// newCodes draws participant codes that the study does not have yet. Four
// places serve some 900,000 people; a study that fills a twentieth of them gets
// a longer code.
func (u *Runs) newCodes(ctx context.Context, tx Tx, id StudyID, n int) ([]string, error) {
	taken, err := tx.Codes(ctx, id)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(taken)+n)
	for _, c := range taken {
		seen[c] = true
	}
	places, space := 4, 31*31*31*31
	for len(taken)+n > space/20 {
		places, space = places+1, space*31
	}
	codes := make([]string, 0, n)
	for len(codes) < n {
		code := []byte("P-")
		for range places {
			k, err := below(u.env.Random, len(codeAlphabet))
			if err != nil {
				return nil, err
			}
			code = append(code, codeAlphabet[k])
		}
		if c := string(code); !seen[c] {
			seen[c] = true
			codes = append(codes, c)
		}
	}
	return codes, nil
}
