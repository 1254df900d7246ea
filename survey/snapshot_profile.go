package survey

// ProfileKey is the key by which times and codes are changed in files of a study
// for others. It stays within the program: see package deidentify.
func (u *Snapshots) ProfileKey(a Actor, study StudyID) ([]byte, error) {
	if !a.MayAnalyse(study) {
		return nil, ErrForbidden
	}
	return u.env.Keys.ProfileKey(study), nil
}
