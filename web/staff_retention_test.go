package web

// onlyAdminOf: administrators, in a study that there is.
func onlyAdminOf(w who, t target) int {
	if !knows(w, t) {
		return gone
	}
	return onlyAdmin(w, t)
}

// unnamed: knowing the study is not enough.
func unnamed(w who, t target) int {
	if !knows(w, t) {
		return gone
	}
	return no
}
